import { beforeEach, describe, expect, it } from 'vitest'
import { membersOf } from '../../../test/network.ts'
import { warningsOf, type Network, type Node, type Relayed } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { BROADCAST, ENVELOPE, HELLO, memberIdsOf, twoMembers } from '../../../test/two-members.ts'

let network: Network
let one: Node
let two: Node

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(2))
})

/** Whom this member is told to see another list. */
function differing(node: Node): readonly string[] {
  return node.events.findLast((event) => event.type === 'roster-differs')?.memberIds ?? []
}

/** Whom it was warned of, ever. */
function accused(node: Node): string[] {
  const warned = node.events.flatMap((event) =>
    event.type === 'warning' && event.code === 'E_ROSTER' ? [event.memberId ?? ''] : [],
  )
  return [...new Set(warned)].sort()
}

const between = ({ from, to }: Relayed, a: Node, b: Node): boolean =>
  (from === a.id && to === b.id) || (from === b.id && to === a.id)

describe('members who compare their lists', () => {
  it('H9 notice within 30 s that somebody is hidden from one of them, and who sees another list', async () => {
    let hidden = ''
    network.tamper = (message) => {
      const { from, to, bytes } = message
      if (bytes[0] === HELLO && ![one.id, two.id].includes(from)) hidden = from
      const hiding = [from, to].includes(hidden) && [from, to].includes(two.id)
      return hiding ? null : bytes
    }
    const three = await network.join()
    await network.advance(30_000)
    expect(memberIdsOf(one)).toContain(three.id)
    expect(memberIdsOf(two)).toEqual([one.id])
    expect(accused(one)).toEqual([two.id, three.id].sort())
    expect(accused(two)).toEqual([one.id])
    expect(accused(three)).toEqual([one.id])
  })

  it('H9 notice that a leave is hidden from one of them', async () => {
    const three = await network.join()
    await network.advance(5000)
    one.session.connections.departed(three.id, 'left')
    await network.advance(45_000)
    expect(accused(one)).toEqual([two.id])
    expect(accused(two)).toEqual([one.id])
  })

  it('H9 notice it also of a list that the TCS has change all the time', async () => {
    const three = await network.join({ silent: true })
    const four = await network.join()
    network.tamper = (message) => (between(message, three, two) ? null : message.bytes)
    network.connect(three)
    for (let n = 0; n < 9; n++) {
      // One believes that Four comes and goes, and tells Two in every key that it asks for.
      if (n % 2 === 0) one.session.connections.departed(four.id, 'lost')
      else one.session.connections.joined(four.id)
      two.session.requestKey(one.id)
      await network.advance(4000)
    }
    expect(memberIdsOf(two)).toEqual([one.id, four.id].sort())
    expect(accused(two)).toContain(one.id)
  })

  it('are told once they agree again', async () => {
    let hiding = true
    const three = await network.join({ silent: true })
    network.tamper = (message) => (hiding && between(message, three, two) ? null : message.bytes)
    network.connect(three)
    await network.advance(30_000)
    expect([...differing(one)].sort()).toEqual([two.id, three.id].sort())
    hiding = false
    await network.advance(60_000)
    expect(memberIdsOf(two)).toContain(three.id)
    for (const node of [one, two, three]) expect(differing(node)).toEqual([])
  })

  it('are not alarmed by people who come, go, lose their connection and come back', async () => {
    for (let i = 0; i < 3; i++) {
      const guest = await network.join()
      await network.publish(guest)
      await network.advance(9000)
      network.disconnect(guest, 'lost')
      await network.advance(7000 * (i + 1))
      network.connect(guest)
      await network.advance(13_000)
      await guest.session.close()
      network.disconnect(guest, 'left')
      await network.advance(17_000)
    }
    for (const node of network.nodes) expect(accused(node)).toEqual([])
  })

  it('I1 are not alarmed by a member that hears everything 26 s late', async () => {
    const quiet = await twoMembers(0)
    const three = await quiet.network.join()
    await quiet.network.advance(21_000)
    const held: Relayed[] = []
    quiet.network.tamper = (message) => {
      if (message.to !== quiet.two.id) return message.bytes
      held.push(message)
      return null
    }
    three.connected = false
    quiet.one.session.connections.departed(three.id, 'left')
    // Its presence at 40 s names a list that is over for 19 s, and the next one comes at 60 s.
    await quiet.network.advance(26_000)
    quiet.network.tamper = ({ bytes }) => bytes
    quiet.two.session.connections.departed(three.id, 'left')
    for (const { from, to, bytes } of held) quiet.network.send(from, to, bytes)
    await quiet.network.advance(40_000)
    for (const node of [quiet.one, quiet.two]) expect(accused(node)).toEqual([])
  })

  it('I1 forget at a cut what may have waited in it', async () => {
    const quiet = await twoMembers(0)
    const three = await quiet.network.join()
    await quiet.network.advance(21_000)
    three.connected = false
    quiet.one.session.connections.departed(three.id, 'left')
    await quiet.network.advance(26_000)
    quiet.one.session.connections.cut()
    quiet.one.session.connections.roster([quiet.two.id])
    // One presence says nothing, and so it is with the first over a new connection.
    await quiet.network.advance(18_000)
    expect(accused(quiet.one)).toEqual([])
    await quiet.network.advance(27_000)
    expect(accused(quiet.one)).toEqual([quiet.two.id])
  })

  it('H9 compare the digests of keys and acknowledgements too, before any presence', async () => {
    const three = await network.join({ silent: true })
    network.tamper = (message) =>
      message.bytes[0] === BROADCAST || between(message, three, two) ? null : message.bytes
    network.connect(three)
    await network.advance(16_000)
    await network.publish(one, [{ idx: 2, kind: 'screen', codec: 'vp8' }])
    await network.advance(12_000)
    expect(accused(one)).toEqual([two.id, three.id].sort())
    expect(accused(two)).toEqual([one.id])
  })
})

describe('a TCS that drops one pair’s envelopes', () => {
  it('H8 is noticed: first neither can decrypt the other, then their lists differ', async () => {
    const three = await network.join()
    await network.advance(1000)
    network.tamper = (message) =>
      message.bytes[0] === ENVELOPE && between(message, one, two) ? null : message.bytes
    network.disconnect(three, 'left')
    await network.advance(3000)
    expect(membersOf(one).find(({ memberId }) => memberId === two.id)?.canDecrypt).toBe(false)
    expect(await openFrame(two, await sealFrame(one))).toBe('E_NO_KEY')
  })

  it('H8 from the beginning leads to lists that differ, for everybody to see', async () => {
    const three = await network.join({ silent: true })
    network.tamper = (message) =>
      message.bytes[0] === ENVELOPE && between(message, three, two) ? null : message.bytes
    network.connect(three)
    await network.advance(5000)
    expect(membersOf(two).find(({ memberId }) => memberId === three.id)?.canDecrypt).toBe(false)
    await network.advance(120_000)
    expect(memberIdsOf(two)).toEqual([one.id])
    expect(memberIdsOf(three)).toEqual([one.id])
    expect(accused(one)).toEqual([three.id, two.id].sort())
    expect(warningsOf(two)).toContain('E_ROSTER')
  })
})
