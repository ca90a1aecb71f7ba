import { beforeEach, describe, expect, it } from 'vitest'
import { AUDIO, Network, VIDEO } from '../../../test/network.ts'
import { warningsOf, type Node, type Relayed } from '../../../test/network.ts'
import { forgeFrame, openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { BROADCAST, ENVELOPE, HELLO } from '../../../test/two-members.ts'
import { memberIdsOf, sendKeyOf, twoMembers } from '../../../test/two-members.ts'
import { decodeBroadcast } from '../../messages/broadcast.ts'
import { decodeStatement } from '../../messages/statements.ts'

let network: Network
let one: Node
let two: Node

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(1))
})

const broadcastsOf = (node: Node, to: Node): Relayed[] =>
  network.record.filter(
    (sent) => sent.from === node.id && sent.to === to.id && sent.bytes[0] === BROADCAST,
  )

async function seal(count: number): Promise<string> {
  for (let i = 1; i < count; i++) await sealFrame(one, AUDIO)
  return openFrame(two, await sealFrame(one, AUDIO))
}

describe('presence', () => {
  it('is said every 20 s with the roster, the key in use and how far each stream is', async () => {
    await seal(5)
    await network.advance(60_000)
    const said = broadcastsOf(one, two).map(({ bytes }) => decodeBroadcast(bytes))
    expect(said.map(({ seq }) => seq)).toEqual([0, 1, 2])
    const [first] = said.map(({ type, body }) => decodeStatement(type, body))
    expect(first).toMatchObject({ type: 'presence', scope: 0, rosterCount: 2, gen: 0, step: 0 })
    expect(first).toMatchObject({ sent: [{ idx: 0, ctr: 4 }] })
  })

  it('names a step, which the receivers then hold without having seen a frame of it', async () => {
    const early = await sealFrame(one)
    await one.session.sender.current?.ratchet()
    await network.advance(20_000)
    expect(two.session.keysOf(one.id)?.newest()).toEqual({ gen: 0, step: 1 })
    await network.advance(11_000)
    expect(await openFrame(two, early)).toBe('E_NO_KEY')
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('makes a member that misses the generation ask for it', async () => {
    const three = await network.join()
    await network.advance(1000)
    network.tamper = ({ to, bytes }) => (to === two.id && bytes[0] === ENVELOPE ? null : bytes)
    network.disconnect(three, 'left')
    await network.advance(3000)
    network.tamper = ({ bytes }) => bytes
    await sealFrame(one)
    expect(two.session.keysOf(one.id)?.newest()?.gen).toBe(0)
    await network.advance(20_000)
    expect(two.session.keysOf(one.id)?.newest()?.gen).toBe(1)
  })

  it('is not said without a connection', async () => {
    network.disconnect(one, 'lost')
    const before = one.events.length
    await network.advance(70_000)
    expect(one.events.slice(before).filter(({ type }) => type === 'send')).toEqual([])
  })
})

describe('H4 a member without presence', () => {
  it('is excluded after a minute, and the key in use does not outlive it', async () => {
    const three = await network.join()
    await network.advance(1000)
    network.tamper = ({ from, bytes }) =>
      from === three.id && bytes[0] === BROADCAST ? null : bytes
    await network.advance(58_000)
    expect(memberIdsOf(one)).toContain(three.id)
    const generation = one.session.sender.current?.gen ?? 0
    await network.advance(8000)
    expect(memberIdsOf(one)).toEqual([two.id])
    expect(one.session.sender.current?.gen).toBe(generation + 1)
    const frame = await sealFrame(one)
    expect(await openFrame(three, frame)).toBe('E_NO_KEY')
    expect(await openFrame(two, frame)).toBe('picture')
  })

  it('costs one change of keys together with others who fell silent', async () => {
    const silent = [await network.join(), await network.join(), await network.join()]
    await network.advance(1000)
    const ids = silent.map(({ id }) => id)
    network.tamper = ({ from, bytes }) =>
      ids.includes(from) && bytes[0] === BROADCAST ? null : bytes
    const generation = one.session.sender.current?.gen ?? 0
    await network.advance(66_000)
    expect(memberIdsOf(one)).toEqual([two.id])
    expect(one.session.sender.current?.gen).toBe(generation + 1)
    const frame = await sealFrame(one)
    for (const node of silent) expect(await openFrame(node, frame)).toBe('E_NO_KEY')
  })

  it('is not kept by old presences that are said again', async () => {
    const three = await network.join()
    await network.advance(45_000)
    const old = broadcastsOf(three, one)
    expect(old).toHaveLength(2)
    network.tamper = ({ from, bytes }) => (from === three.id ? null : bytes)
    for (let i = 0; i < 7; i++) {
      for (const { bytes } of old) await network.give(one, three.id, bytes)
      await network.advance(10_000)
    }
    expect(memberIdsOf(one)).toEqual([two.id])
    expect(warningsOf(one)).toContain('E_ENV_REPLAY')
  })

  it('is a ghost, even when presences recorded before are played to a newcomer', async () => {
    const three = await network.join()
    await network.advance(65_000)
    const recorded = [
      network.record.find(({ from, bytes }) => from === three.id && bytes[0] === HELLO),
      ...broadcastsOf(three, one),
    ]
    network.disconnect(three, 'left')
    await network.advance(3000)
    const four = await network.join()
    for (const message of recorded) {
      if (message) await network.give(four, three.id, message.bytes)
      await network.advance(18_000)
    }
    expect(memberIdsOf(four)).toEqual([one.id, two.id].sort())
  })

  it('is nobody’s fault while we have no connection ourselves', async () => {
    network.disconnect(two, 'lost')
    await network.advance(200_000)
    expect(memberIdsOf(two)).toEqual([one.id])
    network.connect(two)
    await network.advance(5000)
    expect(memberIdsOf(one)).toEqual([two.id])
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })
})

describe('a signed broadcast', () => {
  it('H5 counts once, and only for the member that signed it', async () => {
    const three = await network.join()
    await network.advance(21_000)
    const { bytes } = broadcastsOf(one, two)[0]!
    await network.give(two, one.id, bytes)
    await network.give(two, three.id, bytes)
    await network.advance(1001)
    const forged = bytes.slice()
    forged.set(broadcastsOf(three, two)[0]!.bytes.subarray(2, 18), 2)
    forged.set([9], 25)
    await network.give(two, three.id, forged)
    expect(warningsOf(two)).toEqual(['E_ENV_REPLAY', 'E_ENV_AUTH', 'E_ENV_AUTH'])
  })

  it('H7 is not taken back from the TCS by the one who said it', async () => {
    await network.advance(21_000)
    await network.give(one, one.id, broadcastsOf(one, two)[0]!.bytes)
    await network.give(one, two.id, broadcastsOf(one, two)[0]!.bytes)
    expect(warningsOf(one)).toEqual(['E_ENV_AUTH', 'E_ENV_AUTH'])
  })

  it('H10 of somebody never admitted changes nothing', async () => {
    const other = new Network(network.tmms)
    const stranger = await other.join()
    const listener = await other.join()
    await other.advance(21_000)
    const { bytes } = other.record.find(
      ({ to, bytes: [kind] }) => to === listener.id && kind === 3,
    )!
    await network.give(one, stranger.id, bytes)
    expect(warningsOf(one)).toEqual(['E_STATE'])
    expect(memberIdsOf(one)).toEqual([two.id])
  })

  it('LEAVE is believed when BYE and the TCS are silent', async () => {
    network.tamper = ({ from, bytes }) => (from === two.id && bytes[0] === ENVELOPE ? null : bytes)
    await two.session.close()
    await network.settle()
    expect(memberIdsOf(one)).toEqual([])
    await network.advance(1000)
    expect(sendKeyOf(one)).toBe('1.0')
    expect(warningsOf(one)).toEqual([])
  })
})

describe('media that a TCS holds back', () => {
  it('are noticed by what their sender says to have sent, and again when they arrive', async () => {
    expect(await seal(10)).toBe('picture')
    const held = []
    for (let i = 0; i < 300; i++) held.push(await sealFrame(one, AUDIO))
    await network.advance(20_000)
    expect(two.late.get(one.id) ?? []).toEqual([])
    await network.advance(5000)
    expect(two.late.get(one.id)).toEqual([AUDIO.idx])
    for (const frame of held) expect(await openFrame(two, frame)).toBe('picture')
    await network.advance(5000)
    expect(two.late.get(one.id)).toEqual([])
  })

  it('are noticed though a member that helps the TCS forged a frame far ahead of them', async () => {
    expect(await seal(10)).toBe('picture')
    expect(await openFrame(two, await forgeFrame(one, { stream: AUDIO, ctr: 100_000 }))).toBe(
      'forged',
    )
    expect(await openFrame(two, await sealFrame(one, AUDIO))).toBe('E_FRAME_REPLAY')
    await network.advance(26_000)
    expect(two.late.get(one.id)).toEqual([AUDIO.idx])
  })

  it('are told from a few that were lost, and from a stream that moved on', async () => {
    expect(await seal(200)).toBe('picture')
    for (let i = 0; i < 200; i++) await sealFrame(one, AUDIO)
    await network.advance(30_000)
    expect(two.late.get(one.id)).toEqual([])
    for (let i = 0; i < 300; i++) await sealFrame(one, VIDEO)
    await network.advance(20_000)
    expect(two.late.get(one.id)).toEqual([VIDEO.idx])
    await one.session.sender.current?.ratchet()
    expect(await openFrame(two, await sealFrame(one, VIDEO))).toBe('picture')
    await network.advance(25_000)
    expect(two.late.get(one.id)).toEqual([])
  })
})
