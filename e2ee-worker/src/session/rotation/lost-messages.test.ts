/** What single lost messages do to a meeting: it heals by itself, long before the next HELLO is due. */
import { beforeEach, describe, expect, it } from 'vitest'
import { membersOf, type Network, type Node, type Relayed } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { ENVELOPE, HELLO, memberIdsOf, twoMembers } from '../../../test/two-members.ts'

let network: Network
let one: Node
let two: Node

/** Drops the next messages from `from` to `to` of these types, each once. */
function lose(from: Node, to: Node, ...types: readonly number[]): void {
  const left = [...types]
  network.tamper = (message: Relayed) => {
    const at = left.indexOf(message.bytes[0] ?? 0)
    if (message.from !== from.id || message.to !== to.id || at === -1) return message.bytes
    left.splice(at, 1)
    return null
  }
}

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(0))
})

describe('a member whose new HELLO was lost', () => {
  it('is asked for it once it writes under keys nobody knows', async () => {
    await network.publish(one)
    lose(one, two, 1)
    await network.renew(one)
    await network.publish(one, [{ idx: 2, kind: 'screen', codec: 'vp8' }])
    await network.advance(5000)
    expect(membersOf(two)[0]?.streams).toHaveLength(1)
    expect(
      await openFrame(two, await sealFrame(one, { idx: 2, kind: 'screen', codec: 'vp8' })),
    ).toBe('picture')
  })

  it('is not asked more than once in two seconds, whatever a TCS makes up', async () => {
    await network.publish(one)
    const [envelope] = network.record.filter(
      ({ from, to, bytes }) => from === one.id && to === two.id && bytes[0] === ENVELOPE,
    )
    const forged = envelope!.bytes.slice()
    forged[37] = 9
    network.record.length = 0
    for (let i = 0; i < 20; i++) two.session.receive(one.id, forged)
    await network.settle()
    const asked = network.record.filter(({ from, bytes }) => from === two.id && bytes[0] === HELLO)
    // One asks, and one answers the answer.
    expect(asked).toHaveLength(2)
  })
})

describe('members who publish nothing', () => {
  it('do not lose each other when all that either had to say was lost', async () => {
    network.tamper = ({ bytes }) => (bytes[0] === ENVELOPE ? null : bytes)
    const three = await network.join()
    await network.advance(3000)
    network.tamper = ({ bytes }) => bytes
    await network.advance(90_000)
    expect(memberIdsOf(three)).toEqual([one.id, two.id].sort())
    expect(memberIdsOf(one)).toContain(three.id)
  })

  it('find each other again when one came back by a HELLO that was lost', async () => {
    network.disconnect(two, 'lost')
    await network.advance(20_000)
    expect(memberIdsOf(one)).toEqual([])
    await network.renew(two)
    lose(two, one, 1)
    network.connect(two)
    await network.advance(60_000)
    expect(memberIdsOf(one)).toEqual([two.id])
    expect(memberIdsOf(two)).toEqual([one.id])
  })
})
