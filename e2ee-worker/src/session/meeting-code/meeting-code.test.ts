import { beforeEach, describe, expect, it } from 'vitest'
import {
  Network,
  membersOf,
  newIdentity,
  warningsOf as allWarningsOf,
  type Node,
  type Relayed,
} from '../../../test/network.ts'
import { MSID } from '../../../test/tmms.ts'
import { codeOf } from '../../errors.ts'
import { decodeBroadcast, signBroadcast } from '../../messages/broadcast.ts'
import { rosterDigest } from '../../messages/roster-digest.ts'
import { commitTo } from '../../keys/sas.ts'
import { decodeStatement, encodeStatement, type Statement } from '../../messages/statements.ts'
import { toHex } from '../../wire.ts'
import type { CodeRun } from '../../events.ts'

const R = new Uint8Array(32).fill(9)
let network: Network
let ada: Node
let bob: Node
let cleo: Node

beforeEach(async () => {
  network = await Network.open(1)
  ;[ada, bob, cleo] = [await network.join(), await network.join(), await network.join()]
  await network.advance(5000)
})

/** What a TCS keeps back is noticed by its number; these tests are about the rest. */
const warningsOf = (node: Node): string[] =>
  allWarningsOf(node).filter((code) => code !== 'E_ENV_GAP')
const runsOf = (node: Node): CodeRun[] =>
  node.events.flatMap((event) => (event.type === 'code' ? [event.run] : []))
const begin = ({ session }: Node) => session.features.meetingCode.start()
const last = (node: Node): CodeRun | undefined => runsOf(node).at(-1)
const statesOf = (node: Node): string[] => runsOf(node).map(({ state }) => state)
const saidBy = ({ bytes }: Relayed): Statement['type'] | null => {
  if (bytes[0] !== 3) return null
  const { type, body } = decodeBroadcast(bytes)
  return decodeStatement(type, body).type
}

async function start(node: Node): Promise<string> {
  const started = begin(node).then(() => 'started', codeOf)
  await network.settle()
  return started
}

async function judge(node: Node, equal: boolean): Promise<string> {
  const { meetingCode } = node.session.features
  const judged = meetingCode.judge(equal).then(() => 'judged', codeOf)
  await network.settle()
  return judged
}

/** `signer` states this to `to`, properly signed and later than anything it said itself. */
let seq = 10_000
async function state(signer: Node, to: Node, statement: Statement): Promise<void> {
  const message = { from: signer.session.memberId, seq: seq++, ...encodeStatement(statement) }
  to.session.receive(signer.id, await signBroadcast(message, MSID, signer.identity))
  await network.settle()
}

/** The TCS keeps back what this member says of that type. */
function withhold(from: Node, ...types: Statement['type'][]): void {
  network.tamper = (message) => {
    const type = saidBy(message)
    return message.from === from.id && type !== null && types.includes(type) ? null : message.bytes
  }
}

function sidOf(from: Node): Uint8Array<ArrayBuffer> {
  const message = network.record.findLast(
    (sent) => sent.from === from.id && saidBy(sent) === 'code-commit',
  )
  return decodeBroadcast(message!.bytes).body.slice(0, 16)
}

describe('a run of the meeting code', () => {
  it('S1 shows everybody the same twelve digits', async () => {
    expect(await start(ada)).toBe('started')
    const codes = [ada, bob, cleo].map((node) => last(node)?.code)
    expect(codes[0]).toMatch(/^\d{3} \d{3} \d{3} \d{3}$/)
    expect(new Set(codes).size).toBe(1)
    for (const node of [ada, bob, cleo]) {
      expect(statesOf(node)).toEqual(['running', 'shown'])
      expect(last(node)).toMatchObject({ by: ada.id, reason: null, judgements: [], blocked: false })
      expect(new Set(last(node)?.members)).toEqual(new Set([ada.id, bob.id, cleo.id]))
      expect(warningsOf(node)).toEqual([])
    }
  })

  it('is another code each time', async () => {
    await start(ada)
    await start(bob)
    const codes = runsOf(cleo).flatMap(({ code }) => code ?? [])
    expect(new Set(codes).size).toBe(2)
    expect(last(ada)).toMatchObject({ state: 'shown', by: bob.id })
  })

  it('tells everybody what each said of it', async () => {
    await start(ada)
    expect(await judge(bob, true)).toBe('judged')
    expect(await judge(ada, true)).toBe('judged')
    for (const node of [ada, bob, cleo]) {
      expect(last(node)?.judgements).toEqual([
        { memberId: bob.id, equal: true },
        { memberId: ada.id, equal: true },
      ])
    }
    expect([ada, bob, cleo].flatMap(warningsOf)).toEqual([])
  })

  it('of two that begin at once, one goes on', async () => {
    const started = [ada, bob, cleo].map((node) =>
      begin(node).then(
        () => true,
        () => false,
      ),
    )
    await network.settle()
    expect(await Promise.all(started)).toEqual([true, true, true])
    const shown = [ada, bob, cleo].map((node) => last(node)!)
    expect(shown.map(({ state }) => state)).toEqual(['shown', 'shown', 'shown'])
    expect(new Set(shown.map(({ code }) => code)).size).toBe(1)
    const begun = network.record.filter((sent) => saidBy(sent) === 'code-commit')
    const sids = begun.map(({ bytes }) => toHex(decodeBroadcast(bytes).body.slice(0, 16)))
    for (const node of [ada, bob, cleo]) expect(toHex(sidOf(node))).toBe(sids.toSorted()[0])
    expect([ada, bob, cleo].flatMap(warningsOf)).toEqual([])
  })

  it('that gave way to another has nothing shown in it', async () => {
    const late: Relayed[] = []
    network.tamper = (message) => {
      const type = saidBy(message)
      if (message.to !== ada.id || (type !== 'code-ack' && type !== 'code-reveal')) {
        return message.bytes
      }
      if (type === 'code-ack') late.push(message)
      return null
    }
    await start(ada)
    const former = late.splice(0)
    expect(former).toHaveLength(2)
    expect(statesOf(ada)).toEqual(['running'])
    await state(bob, ada, { type: 'code-commit', sid: new Uint8Array(16), commit: R })
    expect(last(ada)).toMatchObject({ state: 'running', by: bob.id })
    expect(sidOf(ada)).toEqual(new Uint8Array(16))
    for (const { from, bytes } of former) {
      const { type, body } = decodeBroadcast(bytes)
      await state(from === bob.id ? bob : cleo, ada, decodeStatement(type, body))
    }
    const shown = network.record.filter((sent) => saidBy(sent) === 'code-reveal')
    expect(shown.filter(({ from }) => from === ada.id)).toEqual([])
    await state(bob, ada, { type: 'code-commit', sid: new Uint8Array(16).fill(255), commit: R })
    expect(last(ada)).toMatchObject({ state: 'running', by: bob.id })
    expect(sidOf(ada)).toEqual(new Uint8Array(16))
  })

  it('comes to the same end in whatever order members hear each other', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      network.tamper = ({ bytes }) => bytes
      await network.advance(20_000)
      const links = new Map<string, Relayed[]>()
      network.tamper = (message) => {
        const link = `${message.from} ${message.to}`
        links.set(link, [...(links.get(link) ?? []), message])
        return null
      }
      await Promise.all([begin(ada), begin(bob)])
      await network.settle()
      for (let random = seed * 7919; links.size > 0;) {
        random = (random * 48_271) % 2_147_483_647
        // What one member says reaches another in order; everything else may overtake.
        const link = [...links.keys()][random % links.size]!
        const [next, ...others] = links.get(link)!
        if (others.length > 0) links.set(link, others)
        else links.delete(link)
        const to = [ada, bob, cleo].find(({ id }) => id === next!.to)!
        to.session.receive(next!.from, next!.bytes.slice())
        await network.settle()
      }
      expect([ada, bob, cleo].map((node) => last(node)?.state)).toEqual(Array(3).fill('shown'))
      expect(new Set([ada, bob, cleo].map((node) => last(node)?.code)).size).toBe(1)
    }
    expect([ada, bob, cleo].flatMap(warningsOf)).toEqual([])
  })

  it('is refused alone, and while one goes on', async () => {
    withhold(cleo, 'code-commit')
    expect(await start(ada)).toBe('started')
    expect(await start(ada)).toBe('E_STATE')
    expect(await start(bob)).toBe('E_STATE')
    expect(await judge(ada, true)).toBe('E_STATE')
    const alone = await (await Network.open(1)).join()
    expect(await begin(alone).catch(codeOf)).toBe('E_STATE')
    expect(runsOf(alone)).toEqual([])
  })

  it('is given up after 20 s without an answer, and may be begun again', async () => {
    withhold(cleo, 'code-reveal')
    await start(ada)
    await network.advance(19_000)
    expect(last(ada)).toMatchObject({ state: 'running', code: null })
    await network.advance(1500)
    for (const node of [ada, bob]) {
      expect(last(node)).toMatchObject({ state: 'aborted', reason: 'no-answer', code: null })
    }
    network.tamper = ({ bytes }) => bytes
    expect(await start(ada)).toBe('started')
    expect(last(bob)).toMatchObject({ state: 'shown' })
  })

  it('ends with the session', async () => {
    await ada.session.close()
    expect(await begin(ada).catch(codeOf)).toBe('E_STATE')
  })
})

describe('S5 somebody who comes or goes', () => {
  it('ends the run for everybody, and a newcomer sees nothing of it', async () => {
    withhold(cleo, 'code-ack', 'code-reveal')
    await start(ada)
    const dan = await network.join()
    for (const node of [ada, bob, cleo]) {
      expect(last(node)).toMatchObject({ state: 'aborted', reason: 'people-changed', code: null })
    }
    await network.advance(25_000)
    expect(runsOf(dan)).toEqual([])
    network.tamper = ({ bytes }) => bytes
    await start(dan)
    expect(new Set([ada, bob, cleo, dan].map((node) => last(node)?.code)).size).toBe(1)
    expect(last(dan)?.state).toBe('shown')
  })

  it('nor does a commit that was on its way when it came begin one for it', async () => {
    withhold(cleo, 'code-commit')
    await start(ada)
    const late = network.record.findLast(
      (sent) => sent.from === cleo.id && saidBy(sent) === 'code-commit',
    )!
    network.tamper = ({ bytes }) => bytes
    const dan = await network.join()
    dan.session.receive(cleo.id, late.bytes.slice())
    await network.settle()
    await network.advance(25_000)
    expect(runsOf(dan)).toEqual([])
    expect(warningsOf(dan)).toEqual([])
  })

  it('ends it as well when it left or was cut off, and also a code that is shown', async () => {
    withhold(cleo, 'code-reveal')
    await start(ada)
    network.disconnect(cleo, 'left')
    await network.settle()
    expect(last(ada)).toMatchObject({ state: 'aborted', reason: 'people-changed' })
    await start(ada)
    expect(last(bob)).toMatchObject({ state: 'shown' })
    network.disconnect(bob, 'lost')
    await network.settle()
    expect(last(ada)).toMatchObject({ state: 'aborted', reason: 'people-changed', code: null })
    expect(await judge(ada, true)).toBe('E_STATE')
  })

  it('ends it for whoever is cut off, as for the others', async () => {
    await start(ada)
    network.disconnect(cleo, 'lost')
    await network.settle()
    for (const node of [ada, bob, cleo]) {
      expect(last(node)).toMatchObject({ state: 'aborted', reason: 'people-changed' })
    }
  })

  it('changes nothing once everybody has judged', async () => {
    await start(ada)
    for (const node of [ada, bob, cleo]) await judge(node, true)
    await network.join()
    expect(last(ada)).toMatchObject({ state: 'shown' })
  })

  it('does not include somebody who merely renewed its keys', async () => {
    withhold(cleo, 'code-reveal')
    await start(ada)
    await network.renew(bob)
    await network.settle()
    expect(last(ada)?.state).toBe('running')
  })
})

describe('a cheat', () => {
  it('S3 who reveals before all commits are here ends the run', async () => {
    network.tamper = (message) => (saidBy(message)?.startsWith('code-') ? null : message.bytes)
    await start(ada)
    const sid = sidOf(ada)
    const of = { sid, memberId: bob.session.memberId, r: R }
    const digest = await rosterDigest([ada, bob, cleo].map(({ session }) => session.memberId))
    const commit = await commitTo({ ...of, rosterDigest: digest })
    await state(bob, ada, { type: 'code-commit', sid, commit })
    await state(bob, ada, { type: 'code-ack', sid, digest: R })
    expect(last(ada)?.state).toBe('running')
    await state(bob, ada, { type: 'code-reveal', sid, r: R })
    expect(last(ada)).toMatchObject({ state: 'aborted', reason: 'cheated', code: null })
    expect(warningsOf(ada)).toEqual(['E_SAS'])
    expect(ada.events).toContainEqual({ type: 'warning', code: 'E_SAS', memberId: bob.id })
    expect(network.record.filter((sent) => saidBy(sent) === 'code-reveal')).toEqual([])
  })

  it('S3 or before it acknowledged them', async () => {
    withhold(bob, 'code-ack', 'code-reveal')
    await start(ada)
    await state(bob, ada, { type: 'code-reveal', sid: sidOf(ada), r: R })
    expect(last(ada)).toMatchObject({ state: 'aborted', reason: 'cheated' })
    expect(warningsOf(ada)).toEqual(['E_SAS'])
  })

  it('S3 nor does a run in which a value is shown give way to another, which would be one more guess', async () => {
    withhold(cleo, 'code-reveal')
    await start(ada)
    const shown = network.record.filter((sent) => saidBy(sent) === 'code-reveal')
    expect(shown.map(({ from }) => from)).toContain(ada.id)
    const lowest = new Uint8Array(16)
    await state(bob, ada, { type: 'code-commit', sid: lowest, commit: R })
    expect(last(ada)).toMatchObject({ state: 'running', by: ada.id })
    await network.advance(20_000)
    await state(bob, ada, { type: 'code-commit', sid: lowest, commit: R })
    expect(last(ada)).toMatchObject({ reason: 'no-answer', by: ada.id })
  })

  it('S4 who reveals another value than it had committed to ends the run', async () => {
    withhold(bob, 'code-reveal')
    await start(ada)
    expect(last(ada)?.state).toBe('running')
    await state(bob, ada, { type: 'code-reveal', sid: sidOf(ada), r: R })
    expect(last(ada)).toMatchObject({ state: 'aborted', reason: 'cheated' })
    expect(ada.events).toContainEqual({ type: 'warning', code: 'E_SAS', memberId: bob.id })
  })

  it('S4 who commits twice ends the run', async () => {
    withhold(cleo, 'code-commit')
    await start(ada)
    await state(bob, ada, { type: 'code-commit', sid: sidOf(ada), commit: R })
    expect(last(ada)).toMatchObject({ state: 'aborted', reason: 'cheated' })
  })

  it('the TCS with a member that shows different commits to different people ends the run before a value is shown', async () => {
    withhold(cleo, 'code-commit')
    await start(ada)
    const sid = sidOf(ada)
    await state(cleo, ada, { type: 'code-commit', sid, commit: R })
    await state(cleo, bob, { type: 'code-commit', sid, commit: R.map(() => 8) })
    for (const node of [ada, bob]) {
      expect(last(node)).toMatchObject({ state: 'aborted', reason: 'cheated' })
      expect(warningsOf(node)).toEqual(['E_SAS'])
    }
    const honest = [ada.id, bob.id]
    expect(
      network.record.filter((sent) => honest.includes(sent.from) && saidBy(sent) === 'code-reveal'),
    ).toEqual([])
  })

  it('a stranger in between with a device of its own has everybody see another code', async () => {
    // The TMMS is false: it certifies devices for whoever sits between Ada and the others.
    const towardsAda = new Network(network.tmms, 1)
    const towardsBob = new Network(network.tmms, 1)
    const [alice, fakeBob] = [await towardsAda.join(), await towardsAda.join()]
    const [fakeAlice, robert] = [await towardsBob.join(), await towardsBob.join()]
    for (const net of [towardsAda, towardsBob]) await net.advance(5000)
    await begin(alice)
    await towardsAda.settle()
    await begin(fakeAlice)
    await towardsBob.settle()
    expect(last(alice)?.code).toMatch(/^[\d ]{15}$/)
    expect(last(robert)?.code).not.toBe(last(alice)?.code)
    expect(last(fakeBob)?.code).toBe(last(alice)?.code)
  })

  it('who does not take part is not listened to', async () => {
    const locked = await newIdentity()
    withhold(cleo, 'code-commit')
    await start(ada)
    const stranger = { ...bob, identity: locked }
    await state(stranger, ada, { type: 'code-commit', sid: sidOf(ada), commit: R })
    expect(last(ada)?.state).toBe('running')
    expect(warningsOf(ada)).toEqual(['E_ENV_AUTH'])
  })
})

describe('a code that differs', () => {
  it('is a warning to everybody, that names who said so, and does not go away', async () => {
    await start(ada)
    await judge(bob, false)
    for (const node of [ada, bob, cleo]) {
      expect(last(node)?.judgements).toEqual([{ memberId: bob.id, equal: false }])
      expect(node.events).toContainEqual({ type: 'warning', code: 'E_SAS', memberId: bob.id })
    }
    await judge(bob, true)
    expect(last(ada)).toMatchObject({
      judgements: [{ memberId: bob.id, equal: true }],
      blocked: false,
    })
  })

  it('S6 three times blocks further runs, whoever begins them', async () => {
    for (let run = 0; run < 3; run++) {
      expect(await start(ada)).toBe('started')
      expect(last(ada)?.blocked).toBe(false)
      await judge(run === 1 ? ada : cleo, false)
      await judge(bob, false)
      await network.advance(1001)
    }
    for (const node of [ada, bob, cleo]) {
      expect(last(node)).toMatchObject({ state: 'shown', blocked: true })
      expect(await start(node)).toBe('E_STATE')
    }
    const before = runsOf(ada).length
    await state(bob, ada, { type: 'code-commit', sid: R.slice(0, 16), commit: R })
    expect(runsOf(ada)).toHaveLength(before)
  })

  it('S6 is not for those to tell who were not there when it came about', async () => {
    await start(ada)
    for (const node of [ada, bob, cleo]) await judge(node, true)
    const dora = await network.join()
    await network.advance(5000)
    await state(dora, ada, { type: 'code-result', sid: sidOf(ada), equal: false })
    expect(warningsOf(ada)).toEqual(['E_STATE'])
    expect(last(ada)?.judgements.map(({ equal }) => equal)).toEqual([true, true, true])
  })

  it('counts even when somebody is made to leave meanwhile', async () => {
    await start(ada)
    network.disconnect(cleo, 'left')
    await network.settle()
    await state(bob, ada, { type: 'code-result', sid: sidOf(ada), equal: false })
    expect(warningsOf(ada)).toEqual(['E_SAS'])
    expect(membersOf(ada).map(({ memberId }) => memberId)).toEqual([bob.id])
  })
})
