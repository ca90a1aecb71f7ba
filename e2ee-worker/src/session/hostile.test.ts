/** A TCS that keeps every message and passes on what it likes, when it likes: what single attacks do not show. */
import { beforeEach, describe, expect, it } from 'vitest'
import { AUDIO, VIDEO, membersOf } from '../../test/network.ts'
import { warningsOf, type Network, type Node, type Relayed } from '../../test/network.ts'
import { openFrame, sealFrame } from '../../test/sealed-frames.ts'
import { ENVELOPE, HELLO, memberIdsOf, twoMembers } from '../../test/two-members.ts'

const MINUTE_MS = 60_000
let network: Network
let one: Node
let two: Node

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(2))
})

const heldKey = (node: Node, of: Node) => node.session.keysOf(of.id)?.newest()

async function expectMediaBetween(...nodes: readonly Node[]): Promise<void> {
  for (const sender of nodes) {
    const frame = await sealFrame(sender)
    for (const receiver of nodes)
      if (receiver !== sender) expect(await openFrame(receiver, frame)).toBe('picture')
  }
}

/** Plays messages to a member as the TCS would, without losing them to its flood gate. */
async function play(to: Node, messages: readonly Relayed[]): Promise<void> {
  for (const { from, bytes } of messages) {
    await network.give(to, from, bytes)
    await network.advance(20)
  }
}

describe('a TCS that plays everything again', () => {
  it('K6 H5 turns no key back, brings nobody back and disturbs no media', async () => {
    const three = await network.join()
    await network.publish(three)
    await network.advance(2 * MINUTE_MS)
    network.disconnect(three, 'left')
    await network.advance(2000)
    const recorded = network.record.filter(({ to }) => to === two.id)
    expect(recorded.some(({ from }) => from === three.id)).toBe(true)
    const before = {
      keys: heldKey(two, one),
      ids: memberIdsOf(two),
      own: two.session.sender.current?.gen,
    }

    await play(two, recorded)
    expect(heldKey(two, one)).toEqual(before.keys)
    expect(memberIdsOf(two)).toEqual(before.ids)
    expect(two.session.sender.current?.gen).toBe(before.own)
    expect(warningsOf(two)).toContain('E_ENV_REPLAY')
    expect(warningsOf(two)).not.toContain('E_INTERNAL')
    await expectMediaBetween(one, two)
  })

  it('K6 turns no key back when it holds all new keys from a member and plays the old ones', async () => {
    const old = network.record.filter(({ to, bytes }) => to === two.id && bytes[0] === ENVELOPE)
    const three = await network.join()
    await network.advance(1000)
    network.tamper = ({ to, bytes }) => (to === two.id && bytes[0] === ENVELOPE ? null : bytes)
    network.disconnect(three, 'left')
    await network.advance(5000)
    const held = heldKey(two, one)
    await play(two, old)
    expect(heldKey(two, one)).toEqual(held)
    // The member hears nothing rather than something old, and has the others' key again once it gets through.
    expect(await openFrame(two, await sealFrame(one))).toBe('E_NO_KEY')
    network.tamper = ({ bytes }) => bytes
    await network.advance(25_000)
    await expectMediaBetween(one, two)
  })

  it('H5 says everything twice, and everything counts once', async () => {
    network.tamper = ({ to, from, bytes }) => {
      network.nodes.find(({ id }) => id === to)?.session.receive(from, bytes.slice())
      return bytes
    }
    const three = await network.join()
    await network.publish(three)
    await network.advance(MINUTE_MS)
    await expectMediaBetween(one, two, three)
    for (const node of [one, two, three]) {
      expect(node.session.sender.current?.gen).toBe(0)
      expect(warningsOf(node)).not.toContain('E_ROSTER')
    }
  })
})

describe('a TCS that passes messages on when it likes', () => {
  it('H5 in reverse order: nobody is let in by it who should not be, and all find each other', async () => {
    network.pick = (waiting) => waiting - 1
    const three = await network.join()
    await network.publish(three)
    await network.advance(MINUTE_MS)
    network.pick = () => 0
    await network.advance(MINUTE_MS)
    expect(memberIdsOf(one)).toEqual([two.id, three.id].sort())
    await expectMediaBetween(one, two, three)
  })

  it('H3 keeps a HELLO until its token has expired: it is worth nothing then', async () => {
    let kept: Relayed | null = null
    network.tamper = (message) => {
      const { from, to, bytes } = message
      const hidden = ![one.id, two.id].includes(from) && to === one.id
      if (hidden && bytes[0] === HELLO) kept ??= message
      return hidden ? null : bytes
    }
    const three = await network.join()
    await network.advance(17 * MINUTE_MS)
    expect(kept).not.toBeNull()
    await play(one, [kept!])
    expect(warningsOf(one)).toContain('E_TOKEN_TIME')
    expect(memberIdsOf(one)).not.toContain(three.id)
    expect(await openFrame(three, await sealFrame(one))).toBe('not a member')
  })

  it('H5 keeps an envelope until its ephemeral key has gone: nobody opens it any longer', async () => {
    let kept: Relayed | null = null
    network.tamper = (message) => {
      const keep = kept === null && message.to === two.id && message.bytes[0] === ENVELOPE
      if (keep) kept = message
      return keep ? null : message.bytes
    }
    const three = await network.join()
    await network.advance(12 * MINUTE_MS)
    expect(kept).not.toBeNull()
    await play(two, [kept!])
    expect(warningsOf(two)).toContain('E_EPOCH')
    await expectMediaBetween(one, two)
    expect(memberIdsOf(three)).toHaveLength(2)
  })
})

describe('a TCS that lies about who is there', () => {
  it('F3 has a member given up and met again under the same key: old frames stay old', async () => {
    const old = [await sealFrame(one), await sealFrame(one, AUDIO)]
    for (const frame of old) expect(await openFrame(two, frame)).toBe('picture')
    two.session.connections.departed(one.id, 'lost')
    await network.advance(16_000)
    expect(memberIdsOf(two)).toEqual([])
    await network.renew(one)
    await network.advance(3000)
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
    for (const frame of old) expect(await openFrame(two, frame)).toBe('E_FRAME_REPLAY')
  })

  it('H9 tells one member that another has left: no key goes to fewer than believed, and both see it', async () => {
    const three = await network.join()
    await network.publish(three)
    one.session.connections.departed(two.id, 'left')
    await network.advance(45_000)
    expect(memberIdsOf(one)).toEqual([three.id])
    // Who was declared gone is shut out of the new key, and its list differs for everybody to see.
    expect(await openFrame(two, await sealFrame(one))).not.toBe('picture')
    expect(warningsOf(three)).toContain('E_ROSTER')
    expect(warningsOf(two)).toContain('E_ROSTER')
  })

  it('H10 announces people by the hundred: nobody is waited for, written to in secret or listed', async () => {
    for (let n = 0; n < 300; n++) one.session.connections.joined(n.toString(16).padStart(32, 'a'))
    await network.advance(MINUTE_MS)
    expect(memberIdsOf(one)).toEqual([two.id])
    const strangers = one.events.filter(
      (event) => event.type === 'send' && event.to.startsWith('aaaa') && event.bytes[0] !== HELLO,
    )
    expect(strangers).toEqual([])
    await expectMediaBetween(one, two)
  })

  it('S2 H9 hides a member from some: no meeting code is shown to anybody', async () => {
    const hidden = (message: Relayed, other: Node): boolean =>
      [message.from, message.to].includes(two.id) && [message.from, message.to].includes(other.id)
    const three = await network.join({ silent: true })
    network.tamper = (message) => (hidden(message, three) ? null : message.bytes)
    network.connect(three)
    await network.advance(3000)
    await one.session.features.meetingCode.start()
    await network.advance(25_000)
    for (const { events } of [one, two, three]) {
      const runs = events.flatMap((event) => (event.type === 'code' ? [event.run] : []))
      expect(runs.filter(({ code }) => code !== null)).toEqual([])
      expect(runs.filter(({ state }) => state === 'shown')).toEqual([])
    }
  })
})

describe('a TCS that lets somebody send what they may not', () => {
  it('R3 a stream that the token no longer permits is refused by every receiver', async () => {
    const three = await network.join()
    await network.publish(three, [AUDIO, VIDEO])
    await network.renew(three, { prm: ['audio'] })
    await network.settle()
    const four = await network.join()
    await network.advance(1000)
    for (const receiver of [one, four]) {
      expect(await openFrame(receiver, await sealFrame(three, VIDEO))).toBe('E_NO_KEY')
      expect(await openFrame(receiver, await sealFrame(three, AUDIO))).toBe('picture')
    }
    expect(membersOf(four).find(({ memberId }) => memberId === three.id)?.streams).toEqual([AUDIO])
  })

  it('R3 lets in more people than the token allows: nobody takes in one more', async () => {
    for (const node of [one, two]) await network.renew(node, { pol: { participants: 2 } })
    const three = await network.join({ claims: { pol: { participants: 2 } } })
    await network.advance(1000)
    for (const node of [one, two]) {
      expect(membersOf(node).map(({ memberId }) => memberId)).not.toContain(three.id)
      expect(warningsOf(node)).toContain('E_POLICY')
    }
    await expectMediaBetween(one, two)
  })

  it('a place that somebody left is free again', async () => {
    const pol = { participants: 3 }
    for (const node of [one, two]) await network.renew(node, { pol })
    const three = await network.join({ claims: { pol } })
    await three.session.close()
    network.disconnect(three, 'left')
    await network.settle()
    const four = await network.join({ claims: { pol } })
    await network.advance(1000)
    expect(membersOf(one).map(({ memberId }) => memberId)).toEqual([two.id, four.id])
    expect(warningsOf(one)).not.toContain('E_POLICY')
  })

  it('R4 the name is the one of the token, whatever else is said', async () => {
    await network.renew(two, { name: 'Ada', role: 'moderator' })
    await network.settle()
    expect(membersOf(one)[0]).toMatchObject({ name: 'Ada', role: 'moderator' })
  })
})
