import { beforeEach, describe, expect, it } from 'vitest'
import { AUDIO, VIDEO, membersOf } from '../../../test/network.ts'
import { warningsOf, type Network, type Node } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { START_S } from '../../../test/tmms.ts'
import { BROADCAST, ENVELOPE, HELLO, sendKeyOf, twoMembers } from '../../../test/two-members.ts'
import { decodeEnvelope } from '../../messages/envelope.ts'

/** Type, generation, step and tag: no other message is as short. */
const KEY_REQ_BYTES = 1 + 4 + 2 + 16

let network: Network
let one: Node
let two: Node

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(1))
})

const keyFramesWanted = ({ events }: Node): number[] =>
  events.flatMap((event) => (event.type === 'key-frame-wanted' ? [event.streamIdx] : []))

describe('when somebody joins', () => {
  it('K1 the newcomer cannot decrypt frames recorded before', async () => {
    const before = await sealFrame(one)
    const three = await network.join()
    await network.advance(1000)
    expect(await openFrame(three, before)).toMatch(/^E_/)
    expect(await openFrame(three, await sealFrame(one))).toBe('picture')
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('K1 the key goes to the newcomer alone, one step on, and an encoder is asked for video', async () => {
    const three = await network.join()
    network.record.length = 0
    expect(sendKeyOf(one)).toBe('0.0')
    await network.advance(1000)
    expect(sendKeyOf(one)).toBe('0.1')
    const sealed = network.record.filter(
      ({ from, bytes }) => from === one.id && bytes[0] === ENVELOPE,
    )
    expect(new Set(sealed.map(({ to }) => to))).toEqual(new Set([three.id]))
    expect(keyFramesWanted(one)).toEqual([VIDEO.idx])
  })

  it('K1 the newcomer gets no earlier key by asking for one', async () => {
    const before = await sealFrame(one)
    const three = await network.join()
    three.session.requestKey(one.id)
    await network.settle()
    expect(await openFrame(three, before)).toMatch(/^E_/)
    await network.advance(1000)
    expect(await openFrame(three, before)).toMatch(/^E_/)
  })

  it('K3 several who join together cost one step', async () => {
    const joiners = [await network.join(), await network.join(), await network.join()]
    await network.advance(1000)
    expect(sendKeyOf(one)).toBe('0.1')
    const frame = await sealFrame(one)
    for (const joiner of joiners) expect(await openFrame(joiner, frame)).toBe('picture')
  })

  it('K4 K5 a newcomer that never acknowledges holds nobody up', async () => {
    const three = await network.join()
    network.tamper = ({ from, bytes }) => (from === three.id ? null : bytes)
    await network.advance(250)
    expect(sendKeyOf(one)).toBe('0.0')
    await network.advance(299)
    expect(sendKeyOf(one)).toBe('0.0')
    await network.advance(1)
    expect(sendKeyOf(one)).toBe('0.1')
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
    const third = membersOf(one).find(({ memberId }) => memberId === three.id)
    expect(third?.canDecrypt).toBe(false)
  })
})

describe('when somebody leaves', () => {
  it('K2 the leaver cannot decrypt after the switch, and the others go on', async () => {
    const three = await network.join()
    await network.advance(1000)
    network.disconnect(three, 'left')
    const during = await sealFrame(one)
    expect(await openFrame(two, during)).toBe('picture')
    await network.advance(1000)
    expect(sendKeyOf(one)).toBe('1.0')
    const after = await sealFrame(one)
    expect(await openFrame(three, after)).toBe('E_NO_KEY')
    expect(await openFrame(two, after)).toBe('picture')
  })

  it('K2 a leaver that still hears every envelope learns nothing from them', async () => {
    const three = await network.join()
    await network.advance(1000)
    network.disconnect(three, 'left')
    network.record.length = 0
    await network.advance(1000)
    for (const { from, bytes } of network.record) three.session.receive(from, bytes)
    await network.settle()
    expect(await openFrame(three, await sealFrame(one))).toBe('E_NO_KEY')
  })

  it('K3 five who leave within half a second cost one generation', async () => {
    const leavers: Node[] = []
    for (let i = 0; i < 5; i++) leavers.push(await network.join())
    await network.advance(1000)
    for (const leaver of leavers) {
      network.disconnect(leaver, 'left')
      await network.advance(90)
    }
    await network.advance(2000)
    expect(sendKeyOf(one)).toBe('1.0')
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('K4 K5 the switch waits one second for acknowledgements, not longer', async () => {
    const three = await network.join()
    const four = await network.join()
    await network.advance(1000)
    network.tamper = ({ from, bytes }) => (from === four.id ? null : bytes)
    network.disconnect(three, 'left')
    await network.advance(1499)
    expect(sendKeyOf(one)).toBe('0.1')
    await network.advance(1)
    expect(sendKeyOf(one)).toBe('1.0')
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('a leave during a rotation excludes that leaver too', async () => {
    const three = await network.join()
    const four = await network.join()
    const five = await network.join()
    await network.advance(1000)
    network.tamper = ({ from, bytes }) => (from === five.id ? null : bytes)
    network.disconnect(three, 'left')
    await network.advance(700)
    network.disconnect(four, 'left')
    await network.advance(2000)
    expect(sendKeyOf(one)).toBe('2.0')
    const frame = await sealFrame(one)
    expect(await openFrame(four, frame)).toBe('E_NO_KEY')
    expect(await openFrame(two, frame)).toBe('picture')
  })

  it('a newcomer during a rotation gets the coming key only', async () => {
    const three = await network.join()
    const four = await network.join()
    await network.advance(1000)
    const before = await sealFrame(one)
    network.tamper = ({ from, bytes }) => (from === four.id ? null : bytes)
    network.disconnect(three, 'left')
    await network.advance(700)
    const five = await network.join()
    await network.advance(2000)
    expect(sendKeyOf(one)).toBe('1.0')
    expect(await openFrame(five, before)).toBe('E_NO_KEY')
    expect(await openFrame(five, await sealFrame(one))).toBe('picture')
  })
})

describe('K8 with time', () => {
  it('a step is taken every minute, and receivers follow by the KID', async () => {
    network.record.length = 0
    await network.advance(60_000)
    expect(sendKeyOf(one)).toBe('0.1')
    expect(network.record.every(({ bytes }) => bytes[0] === BROADCAST)).toBe(true)
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('a fresh generation comes every 15 minutes', async () => {
    await network.advance(14 * 60_000)
    expect(sendKeyOf(one)).toMatch(/^0\./)
    await network.advance(61_000)
    expect(sendKeyOf(one)).toMatch(/^1\./)
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
    expect(warningsOf(two)).toEqual([])
  })

  it('K7 new HELLOs every ten minutes disturb no media, and the new keys work', async () => {
    await network.advance(30 * 60_000)
    const hellos = network.record.filter(({ from, bytes }) => from === one.id && bytes[0] === HELLO)
    expect(hellos.length).toBeGreaterThanOrEqual(3)
    expect(membersOf(two).map(({ memberId }) => memberId)).toEqual([one.id])
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
    const last = network.record.findLast(
      ({ from, bytes }) => from === one.id && bytes[0] === ENVELOPE,
    )
    expect(decodeEnvelope(last!.bytes).epochFrom).toBeGreaterThan(1)
    expect([...warningsOf(one), ...warningsOf(two)]).toEqual([])
  })

  it('K7 an envelope under the previous ephemeral key opens for 30 s', async () => {
    const held: { bytes: Uint8Array }[] = []
    network.tamper = ({ to, bytes }) => {
      if (to !== two.id || bytes[0] !== 2) return bytes
      held.push({ bytes })
      return null
    }
    await network.publish(one, [AUDIO, VIDEO, { idx: 2, kind: 'screen', codec: 'vp8' }])
    await network.renew(two)
    network.tamper = ({ bytes }) => bytes
    await network.advance(20_000)
    expect(membersOf(two)[0]?.streams).toHaveLength(2)
    for (const { bytes } of held) two.session.receive(one.id, bytes)
    await network.settle()
    expect(membersOf(two)[0]?.streams).toHaveLength(3)
  })

  it('a member whose token was not renewed is excluded at once, a minute after it expired', async () => {
    const three = await network.join()
    await network.advance(1000)
    three.renews = false
    await network.advance(15 * 60_000 + 50_000)
    expect(await openFrame(three, await sealFrame(one))).toBe('picture')
    await network.advance(20_000)
    const frame = await sealFrame(one)
    expect(await openFrame(three, frame)).toBe('E_NO_KEY')
    expect(await openFrame(two, frame)).toBe('picture')
    expect(membersOf(one).map(({ memberId }) => memberId)).toEqual([two.id])
  })

  it('K3 members whose tokens expire together cost one generation', async () => {
    const expiring = [await network.join(), await network.join(), await network.join()]
    await network.advance(1000)
    for (const node of expiring) node.renews = false
    const ids = expiring.map(({ id }) => id)
    const given = new Set<string>()
    network.tamper = ({ from, to, bytes }) => {
      if (from === one.id && bytes[0] === ENVELOPE) given.add(to)
      return bytes
    }
    await network.advance(15 * 60_000 + 50_000)
    const generation = one.session.sender.current?.gen ?? 0
    given.clear()
    await network.advance(20_000)
    expect(one.session.sender.current?.gen).toBe(generation + 1)
    expect(ids.filter((id) => given.has(id))).toEqual([])
    const frame = await sealFrame(one)
    for (const node of expiring) expect(await openFrame(node, frame)).toBe('E_NO_KEY')
    expect(await openFrame(two, frame)).toBe('picture')
  })

  it('K2 a key made between two sweeps is not given to a member whose token has expired', async () => {
    const three = await network.join({ claims: { exp: START_S + 2 } })
    three.renews = false
    await network.advance(62_100 - network.clock.now())
    expect(membersOf(one).map(({ memberId }) => memberId)).toContain(three.id)
    network.disconnect(two, 'left')
    await network.advance(1700)
    expect(membersOf(one).map(({ memberId }) => memberId)).toEqual([three.id])
    expect(sendKeyOf(one)).toBe('1.0')
    expect(three.session.keysOf(one.id)?.newest()?.gen).toBe(0)
  })

  it('after an exclusion nothing is sent until half of the others hold the new key', async () => {
    const three = await network.join({
      claims: { exp: START_S + 60, prm: ['audio', 'video', 'share'] },
    })
    three.renews = false
    await network.advance(1000)
    expect(await openFrame(three, await sealFrame(one))).toBe('picture')
    network.tamper = ({ from, to, bytes }) =>
      bytes[0] === ENVELOPE && (from === one.id || to === one.id) ? null : bytes
    await network.advance(130_000)
    expect(sendKeyOf(one)).toBe('none')
    await expect(sealFrame(one)).rejects.toMatchObject({ code: 'E_NO_KEY' })
    network.tamper = ({ bytes }) => bytes
    await network.advance(3000)
    expect(sendKeyOf(one)).toBe('1.0')
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })
})

describe('a member that misses a key', () => {
  it('asks for it, at most once in two seconds, and gets it', async () => {
    const three = await network.join()
    await network.advance(1000)
    network.tamper = ({ to, from, bytes }) => (to === two.id && from === one.id ? null : bytes)
    network.disconnect(three, 'left')
    await network.advance(2000)
    const frame = await sealFrame(one)
    expect(await openFrame(two, frame)).toBe('E_NO_KEY')
    network.tamper = ({ bytes }) => bytes
    network.record.length = 0
    for (let i = 0; i < 10; i++) {
      two.session.requestKey(one.id)
      await network.settle()
    }
    const asked = network.record.filter(
      ({ from, bytes }) =>
        from === two.id && decodeEnvelope(bytes).ciphertext.length === KEY_REQ_BYTES,
    )
    expect(asked).toHaveLength(1)
    expect(await openFrame(two, frame)).toBe('picture')
    expect(membersOf(one)[0]?.canDecrypt).toBe(true)
  })

  it('K6 that gets the same key again acknowledges it and is not alarmed', async () => {
    two.session.requestKey(one.id)
    await network.settle()
    expect(warningsOf(two)).toEqual([])
    expect(membersOf(one)[0]?.canDecrypt).toBe(true)
  })
})
