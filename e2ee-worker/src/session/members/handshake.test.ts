import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { Network, membersOf, newIdentity } from '../../../test/network.ts'
import { warningsOf, type Node, type Relayed } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { fakeTmms, signKeySet, signRootChange } from '../../../test/tmms.ts'
import { ENVELOPE, HELLO, memberIdsOf, twoMembers } from '../../../test/two-members.ts'
import { codeOf } from '../../errors.ts'
import { encodeBody, decodeHello, signHello } from '../../messages/hello.ts'
import { makeEphemeral } from '../../keys/pair.ts'
import { memoryStore } from '../../trust/store.ts'
import { join } from '../../wire.ts'
import type { StartReply } from '../../calls.ts'

let network: Network
let one: Node
let two: Node

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(1))
})

function relayed(kind: number, from: Node, to: Node): Relayed {
  const found = network.record.find(
    (message) => message.from === from.id && message.to === to.id && message.bytes[0] === kind,
  )
  return found!
}

describe('a TCS that attacks the handshake', () => {
  it('H1 cannot swap the ephemeral key in a HELLO', async () => {
    const { ekPub } = await makeEphemeral()
    network.tamper = ({ bytes }) => {
      if (bytes[0] !== HELLO) return bytes
      const hello = decodeHello(bytes)
      return join(encodeBody({ ...hello, ekPub }), hello.signature)
    }
    const three = await network.join()
    await network.advance(1000)
    expect(warningsOf(one)).toContain('E_HELLO_SIG')
    expect(memberIdsOf(one)).toEqual([two.id])
    expect(memberIdsOf(three)).toEqual([])
  })

  it('H2 cannot put its own device key in place of a member’s', async () => {
    const attacker = await newIdentity()
    const hello = decodeHello(relayed(HELLO, two, one).bytes)
    const forged = await signHello({ ...hello, ikPub: attacker.ikPub }, attacker)
    await network.give(one, two.id, forged.bytes)
    expect(warningsOf(one)).toEqual(['E_JKT'])
    expect(memberIdsOf(one)).toEqual([two.id])
  })

  it('H3 cannot bring in a HELLO from another session of the meeting', async () => {
    const other = new Network(network.tmms)
    const stranger = await other.join({ claims: { msid: 's_2' } })
    const greeted = await other.join({ claims: { msid: 's_2' } })
    const { bytes } = other.record.find(({ to }) => to === greeted.id)!
    await network.give(one, stranger.id, bytes)
    expect(warningsOf(one)).toEqual(['E_TOKEN_MEETING'])
    expect(memberIdsOf(one)).toEqual([two.id])
  })

  it('H4 replaying the HELLO of one who left brings nobody back', async () => {
    const three = await network.join()
    await network.advance(1000)
    const { bytes } = relayed(HELLO, three, one)
    await three.session.close()
    network.disconnect(three, 'left')
    await network.advance(2000)
    await network.give(one, three.id, bytes)
    expect(memberIdsOf(one)).toEqual([two.id])
    // Somebody who never knew the member lists it, but it can show no key and is gone within a minute.
    const four = await network.join()
    await network.give(four, three.id, bytes)
    expect(memberIdsOf(four)).toContain(three.id)
    await network.advance(66_000)
    expect(memberIdsOf(four)).toEqual([one.id, two.id].sort())
  })

  it('H5 cannot replay, reorder, redirect or cut envelopes, nor pass them off as another’s', async () => {
    const three = await network.join()
    await network.advance(1000)
    const { bytes } = relayed(ENVELOPE, one, two)
    const again = async (node: Node, from: Node, message: Uint8Array): Promise<string[]> => {
      const before = warningsOf(node).length
      await network.advance(1001)
      await network.give(node, from.id, message)
      return warningsOf(node).slice(before)
    }
    expect(await again(two, one, bytes)).toEqual(['E_ENV_REPLAY'])
    expect(await again(three, one, bytes)).toEqual(['E_ENV_AUTH'])
    expect(await again(two, three, bytes)).toEqual(['E_ENV_AUTH'])
    expect(await again(two, one, bytes.slice(0, -1))).toEqual(['E_SHORT'])
    const redirected = bytes.slice()
    redirected.set(relayed(ENVELOPE, one, three).bytes.subarray(18, 34), 18)
    expect(await again(three, one, redirected)).toEqual(['E_ENV_REPLAY'])
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('H5 that loses an envelope is noticed, and the key is asked for again', async () => {
    let dropped = 0
    network.tamper = ({ to, bytes }) => (to === two.id && dropped++ === 0 ? null : bytes)
    await network.publish(one, [{ idx: 2, kind: 'screen', codec: 'vp8' }])
    const three = await network.join()
    await network.advance(1000)
    network.disconnect(three, 'left')
    await network.advance(3000)
    expect(warningsOf(two)).toContain('E_ENV_GAP')
    expect(membersOf(two).find(({ memberId }) => memberId === one.id)?.streams).toHaveLength(1)
  })

  it('H7 cannot reflect a member’s own messages to it', async () => {
    await network.give(one, one.id, relayed(HELLO, one, two).bytes)
    await network.give(one, two.id, relayed(HELLO, one, two).bytes)
    await network.give(one, one.id, relayed(ENVELOPE, one, two).bytes)
    await network.give(one, two.id, relayed(ENVELOPE, one, two).bytes)
    expect(warningsOf(one)).toEqual(['E_JKT', 'E_JKT', 'E_ENV_AUTH', 'E_ENV_AUTH'])
    expect(memberIdsOf(one)).toEqual([two.id])
  })

  it('H12 cannot make two members of one device or of one ephemeral key', async () => {
    const copy = await network.join({ identity: two.identity })
    expect(warningsOf(one)).toEqual(['E_STATE'])
    expect(memberIdsOf(one)).toEqual([two.id])
    network.disconnect(copy, 'left')
    const thief = await network.join({ silent: true })
    const stolen = decodeHello(relayed(HELLO, two, one).bytes).ekPub
    const own = decodeHello(await helloOf(thief))
    await network.give(
      one,
      thief.id,
      (await signHello({ ...own, ekPub: stolen }, thief.identity)).bytes,
    )
    expect(warningsOf(one)).toContain('E_EK_REUSE')
    const ours = decodeHello(relayed(HELLO, one, two).bytes).ekPub
    await network.advance(1001)
    await network.give(
      one,
      thief.id,
      (await signHello({ ...own, ekPub: ours }, thief.identity)).bytes,
    )
    expect(warningsOf(one).filter((code) => code === 'E_EK_REUSE')).toHaveLength(2)
    expect(memberIdsOf(one)).toEqual([two.id])
  })

  it('cannot move a member back to an earlier HELLO or skip the chain', async () => {
    const first = relayed(HELLO, two, one).bytes
    await network.renew(two)
    await network.settle()
    await network.give(one, two.id, first)
    expect(warningsOf(one)).toEqual(['E_EK_REUSE'])
    const hello = decodeHello(network.record.findLast(({ from }) => from === two.id)!.bytes)
    const { ekPub } = await makeEphemeral()
    const forked = { ...hello, epoch: hello.epoch + 1, ekPub, prevHash: new Uint8Array(32).fill(1) }
    await network.give(one, two.id, (await signHello(forked, two.identity)).bytes)
    expect(warningsOf(one)).toEqual(['E_EK_REUSE', 'E_EPOCH'])
  })

  it('H14 a member with another link secret is told apart from an attack', async () => {
    const linkSecret = 'A'.repeat(43)
    const three = await network.join({ start: { linkSecret } })
    expect(warningsOf(one)).toContain('E_PSK')
    expect(memberIdsOf(three)).toEqual([])
  })

  it('a flood of messages makes a member be ignored for a while, and only that one', async () => {
    for (let i = 0; i < 1000; i++) two.session.receive(one.id, Uint8Array.of(9))
    await network.settle()
    expect(warningsOf(two)).toEqual(['E_STATE', 'E_VERSION'])
    const three = await network.join()
    expect(memberIdsOf(two)).toEqual([one.id, three.id].sort())
  })

  it('H16 no bytes from anybody break a session', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 2, 3, 255),
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(one.id, two.id, 'nobody', '__proto__'),
        async (kind, body, from) => {
          await network.advance(1000)
          await network.give(two, from, join(Uint8Array.of(kind, 1), body))
        },
      ),
      { numRuns: 150 },
    )
    expect(warningsOf(two)).not.toContain('E_INTERNAL')
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })
})

describe('opening a session', () => {
  const opening = async (start: object, claims = {}): Promise<string> => {
    const joining = network.join({ start, claims, silent: true })
    return joining.then(() => 'open', codeOf)
  }

  it('H15 stops when the TMMS is not the pinned one', async () => {
    const other = await fakeTmms()
    expect(await opening({ pin: other.pin })).toBe('E_PIN')
    expect(await opening({ keySet: other.keySet })).toBe('E_PIN')
  })

  it('H15 goes on after the root was changed by the hand of the former one, and says so', async () => {
    const store = memoryStore()
    const { tmms } = network
    const start = async (keySet: string): Promise<StartReply> =>
      (await network.join({ store, silent: true, start: { pin: null, keySet } })).reply
    expect(await start(tmms.keySet)).toMatchObject({ pinSource: 'tofu', rootChanged: false })
    const next = await fakeTmms()
    const setOf = async (chain: string[]): Promise<string> =>
      signKeySet(next.rootKey, next.rootJwk, { keys: [tmms.tokenJwk], chain })
    await expect(start(await setOf([]))).rejects.toMatchObject({ code: 'E_PIN' })
    const chain = [await signRootChange(tmms, next.rootJwk)]
    expect(await start(await setOf(chain))).toMatchObject({
      ...{ pinSource: 'stored', rootChanged: true },
    })
    expect(await start(await setOf(chain))).toMatchObject({ rootChanged: false })
  })

  it('T2 T4 stops for a token of another meeting or another device', async () => {
    expect(await opening({ mid: 'm_2' })).toBe('E_TOKEN_MEETING')
    const foreign = await network.token(await newIdentity())
    expect(await opening({ token: foreign })).toBe('E_JKT')
  })

  it('H6 stops for a suite that is not spoken here', async () => {
    expect(await opening({}, { e2ee: { suites: [3] } })).toBe('E_SUITE')
    expect(await opening({}, { e2ee: { suites: [3, 2] } })).toBe('E_SUITE')
    expect(await opening({}, { e2ee: { suites: [] } })).toBe('E_SUITE')
    expect(await opening({}, { e2ee: undefined })).toBe('E_SUITE')
  })

  it('H14 stops without the link secret of a meeting whose token says that there is one', async () => {
    network.policy = { psk: true, vouch: false }
    expect(await opening({})).toBe('E_PSK')
    const linkSecret = 'A'.repeat(43)
    const nodes = [
      await network.join({ start: { linkSecret } }),
      await network.join({ start: { linkSecret } }),
      await network.join({ start: { linkSecret: 'B'.repeat(42) + 'A' } }),
    ]
    expect(nodes.map((node) => memberIdsOf(node).length)).toEqual([1, 1, 0])
  })

  it('stops for a link secret that is none', async () => {
    for (const linkSecret of ['', 'AAAA', '****', 'A'.repeat(44)]) {
      expect(await opening({ linkSecret })).toBe('E_PSK')
    }
  })

  it('says who we are and how the TMMS was recognised', async () => {
    const { reply } = await network.join({ claims: { name: 'Ada' }, start: { pin: null } })
    expect(reply).toMatchObject({ name: 'Ada', suite: 2, pinSource: 'tofu' })
    expect(reply).toMatchObject({ rootChanged: false, linkSecret: false, vouching: false })
    expect(Math.abs(reply.pinSince - Date.now())).toBeLessThan(60_000)
    expect(reply.memberId).toMatch(/^[0-9a-f]{32}$/)
  })
})

it('a new token must be of the same device, person and session, and not older', async () => {
  const refusal = async (claims: object, identity = one.identity): Promise<string> => {
    const token = await network.token(identity, { ...claims })
    return one.session.newToken({ token, tokenAgeMs: 0 }).then(() => 'accepted', codeOf)
  }
  expect(await refusal({}, two.identity)).toBe('E_JKT')
  expect(await refusal({ e2ee: { suites: [1] } })).toBe('E_SUITE')
  expect(await refusal({ sub: 'somebody' })).toBe('E_TOKEN_MEETING')
  expect(await refusal({ msid: 's_2' })).toBe('E_TOKEN_MEETING')
  expect(await refusal({ e2ee: { suites: [2], psk: true } })).toBe('E_PSK')
  const past = { iat: 1_767_225_000, nbf: 1_767_225_000, exp: 1_767_225_900 }
  expect(await refusal(past)).toBe('E_TOKEN_TIME')
  expect(await refusal({ role: 'moderator' })).toBe('accepted')
  await network.settle()
  expect(membersOf(two)[0]?.role).toBe('moderator')
})

it('H14 a new token cannot free a session from its link secret', async () => {
  network.policy = { psk: true, vouch: false }
  const node = await network.join({ start: { linkSecret: 'A'.repeat(43) } })
  await network.renew(node)
  const dropped = await network.token(node.identity, { e2ee: { suites: [2], psk: false } })
  await expect(node.session.newToken({ token: dropped, tokenAgeMs: 0 })).rejects.toMatchObject({
    code: 'E_PSK',
  })
})

async function helloOf(node: Node): Promise<Uint8Array> {
  node.session.connections.roster([])
  await network.settle()
  const event = node.events.find((sent) => sent.type === 'send' && sent.bytes[0] === HELLO)
  return event?.type === 'send' ? event.bytes : new Uint8Array(0)
}

it('I9 whoever waits three minutes with a token is known by all, and knows all', async () => {
  const identity = await newIdentity()
  const start = { token: await network.token(identity), tokenReceivedAt: network.clock.now() }
  await network.advance(180_000)
  const late = await network.join({ identity, start })
  const next = await network.join()
  await network.advance(3000)
  expect(memberIdsOf(next)).toContain(late.id)
  expect(memberIdsOf(late)).toContain(next.id)
  expect([...warningsOf(late), ...warningsOf(next)]).toEqual([])
})
