import { beforeEach, describe, expect, it } from 'vitest'
import { Network, VIDEO, membersOf, warningsOf, type Node } from '../../test/network.ts'
import { openFrame, sealFrame } from '../../test/sealed-frames.ts'
import { HELLO, ENVELOPE } from '../../test/two-members.ts'
import { decodeEnvelope, type Envelope } from '../messages/envelope.ts'
import { decodeHello } from '../messages/hello.ts'
import type { StreamDescriptor } from '../protocol.ts'

const SCREEN: StreamDescriptor = { idx: 2, kind: 'screen', codec: 'vp8' }
const SCREEN_AUDIO: StreamDescriptor = { idx: 3, kind: 'screen-audio', codec: 'opus' }
/** Header without a ciphertext, and the sealed body: no sender key is as short. */
const NO_KEY_ACK_BYTES = 52 + 2 + 1 + 4 + 2 + 32 + 16
const RENEWAL_MS = 10 * 60_000 + 5000
let network: Network

function envelopes(from: Node, to: Node): readonly Envelope[] {
  return network.record
    .filter((message) => message.from === from.id && message.to === to.id)
    .flatMap(({ bytes }) => (bytes[0] === ENVELOPE ? [decodeEnvelope(bytes)] : []))
}

const ciphertextBytes = (from: Node, to: Node): number[] =>
  envelopes(from, to).map(({ kemCt }) => kemCt.length)

const kemPubs = (from: Node): string[] => {
  const hellos = network.record.filter((sent) => sent.from === from.id && sent.bytes[0] === HELLO)
  return [...new Set(hellos.map(({ bytes }) => decodeHello(bytes).kemPub.join()))]
}

describe.each([1, 2])('a meeting in suite %i', (suite) => {
  let nodes: Node[]

  beforeEach(async () => {
    network = await Network.open(suite)
    nodes = []
    // Native and JavaScript implementations in turn.
    for (let i = 0; i < 4; i++) nodes.push(await network.join())
    for (const node of nodes) await network.publish(node)
  })

  async function everybodyOpensEverybody(): Promise<void> {
    for (const sender of nodes) {
      for (const receiver of nodes) {
        if (sender === receiver) continue
        expect(await openFrame(receiver, await sealFrame(sender))).toBe('picture')
      }
      expect(membersOf(sender)).toHaveLength(nodes.length - 1)
      expect(membersOf(sender).every(({ canDecrypt }) => canDecrypt)).toBe(true)
    }
  }

  it('opens everybody’s frames to everybody, without a warning', async () => {
    await everybodyOpensEverybody()
    expect(nodes.flatMap(warningsOf)).toEqual([])
    const own = [...new Set(network.record.map(({ bytes }) => (bytes[0] === HELLO ? bytes : null)))]
    const suites = own.flatMap((bytes) => (bytes ? [decodeHello(bytes).suite] : []))
    expect(new Set(suites)).toEqual(new Set([suite]))
  })

  it('goes on through renewals, somebody leaving, and somebody coming', async () => {
    await network.advance(RENEWAL_MS)
    expect(nodes.flatMap(warningsOf)).toEqual([])
    const [left] = nodes.splice(1, 1)
    await left!.session.close()
    network.disconnect(left!, 'left')
    await network.advance(3000)
    nodes.push(await network.join())
    await network.publish(nodes.at(-1)!)
    await network.advance(2000)
    await everybodyOpensEverybody()
    expect(await openFrame(left!, await sealFrame(nodes[0]!))).toBe('not a member')
  })

  it('H6 does not admit members of the other suite, nor is it admitted by them', async () => {
    const other = suite === 1 ? 2 : 1
    const stranger = await network.join({ claims: { e2ee: { suites: [other] } } })
    await network.advance(5000)
    for (const node of nodes) {
      expect(warningsOf(node)).toContain('E_SUITE')
      expect(membersOf(node).map(({ memberId }) => memberId)).not.toContain(stranger.id)
    }
    expect(warningsOf(stranger)).toContain('E_SUITE')
    expect(membersOf(stranger)).toEqual([])
  })
})

describe('in suite 1', () => {
  it('nothing of ML-KEM is on the wire, and a ciphertext put there is refused', async () => {
    network = await Network.open(1)
    const [one, two] = [await network.join(), await network.join()]
    await network.publish(one)
    expect(kemPubs(one)).toEqual([''])
    expect(new Set(ciphertextBytes(one, two))).toEqual(new Set([0]))
    const sealed = network.record.find(
      ({ from, to, bytes }) => from === one.id && to === two.id && bytes[0] === ENVELOPE,
    )!.bytes
    const padded = new Uint8Array(sealed.length + 1088)
    padded.set(sealed.subarray(0, 50))
    padded.set([0x04, 0x40], 50)
    padded.set(sealed.subarray(52), 52 + 1088)
    two.session.receive(one.id, padded)
    await network.settle()
    expect(warningsOf(two)).toEqual(['E_LEN'])
  })
})

describe('in suite 2', () => {
  let one: Node
  let two: Node

  beforeEach(async () => {
    network = await Network.open(2)
    one = await network.join()
    two = await network.join()
  })

  it('the ciphertext is repeated until the first acknowledgement and then left out', async () => {
    await network.publish(one)
    // The list of members, the key; then what tells two that its own ciphertext has done its work.
    expect(ciphertextBytes(one, two)).toEqual([1088, 1088, 0])
    const sent = envelopes(one, two).filter(({ kemCt }) => kemCt.byteLength > 0)
    expect(new Set(sent.map(({ kemCt }) => kemCt.join())).size).toBe(1)
    network.record.length = 0
    await network.publish(one, [VIDEO, SCREEN])
    expect(ciphertextBytes(one, two)).toEqual([0])
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('every HELLO has a KEM key of its own, and its first envelopes a ciphertext of their own', async () => {
    await network.publish(one)
    const [first] = envelopes(one, two)
    await network.advance(RENEWAL_MS)
    expect(kemPubs(one)).toHaveLength(2)
    expect(kemPubs(two)).toHaveLength(2)
    network.record.length = 0
    await network.publish(one, [VIDEO, SCREEN])
    const [renewed] = envelopes(one, two)
    expect(renewed?.kemCt).toHaveLength(1088)
    expect(renewed?.kemCt).not.toEqual(first?.kemCt)
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
    expect([...warningsOf(one), ...warningsOf(two)]).toEqual([])
  })

  it('losing the first envelopes does no harm, because the next bring the ciphertext again', async () => {
    let dropped = 0
    network.tamper = ({ to, bytes }) =>
      to === two.id && bytes[0] === ENVELOPE && dropped++ < 1 ? null : bytes
    const three = await network.join()
    await network.publish(three)
    await network.advance(3000)
    expect(dropped).toBeGreaterThan(1)
    expect(await openFrame(two, await sealFrame(three))).toBe('picture')
  })

  it('H5 a changed, cut or foreign ciphertext opens nothing and spoils nothing', async () => {
    const three = await network.join({ silent: true })
    const spoilt: string[] = []
    network.tamper = ({ from, to, bytes }) => {
      if (bytes[0] !== ENVELOPE || from !== three.id || to !== two.id) return bytes
      const forged = bytes.slice()
      forged[60] = (forged[60] ?? 0) ^ 1
      // The forged copy first, so that it could take the place of the right one.
      two.session.receive(three.id, forged)
      spoilt.push(to)
      return bytes
    }
    network.connect(three)
    await network.settle()
    await network.publish(three)
    expect(spoilt.length).toBeGreaterThan(1)
    expect(new Set(warningsOf(two))).toEqual(new Set(['E_ENV_AUTH']))
    expect(await openFrame(two, await sealFrame(three))).toBe('picture')
  })

  it('an acknowledgement of a key given under the former pair key proves nothing of the new one', async () => {
    await network.publish(one)
    let held: { from: string; bytes: Uint8Array } | null = null
    network.tamper = ({ from, to, bytes }) => {
      if (from !== two.id || to !== one.id || bytes[0] !== ENVELOPE || held) return bytes
      held = { from, bytes: bytes.slice() }
      return null
    }
    await network.publish(one, [VIDEO, SCREEN])
    expect(held).not.toBeNull()
    await network.renew(one)
    await network.settle()
    network.record.length = 0
    one.session.receive(two.id, held!.bytes)
    await network.settle()
    await network.publish(one, [VIDEO, SCREEN, SCREEN_AUDIO])
    expect(ciphertextBytes(one, two)[0]).toBe(1088)
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })
})

describe('in suite 2, a member that sends nothing', () => {
  let one: Node
  let viewer: Node

  beforeEach(async () => {
    network = await Network.open(2)
    one = await network.join()
    viewer = await network.join()
    await network.publish(one)
  })

  /** Another key of `one`, which the viewer acknowledges. */
  async function nextKey(): Promise<void> {
    const leaver = await network.join()
    await network.advance(2000)
    network.record.length = 0
    network.disconnect(leaver, 'left')
    await network.advance(3000)
    expect(await openFrame(viewer, await sealFrame(one))).toBe('picture')
  }

  it('is told once that its ciphertext came, and leaves it out from then on', async () => {
    expect(ciphertextBytes(viewer, one)).toEqual([1088, 1088])
    await nextKey()
    expect(ciphertextBytes(viewer, one)).toEqual([0])
    await nextKey()
    expect(ciphertextBytes(viewer, one)).toEqual([0])
    expect(ciphertextBytes(one, viewer)).toEqual([0])
  })

  it('brings it again after either renewed its keys', async () => {
    for (const node of [one, viewer]) {
      await network.renew(node)
      await network.settle()
      await nextKey()
      expect(ciphertextBytes(viewer, one)).toEqual([1088])
      await nextKey()
      // The second one with it is answered; the third is without.
      expect(ciphertextBytes(viewer, one)).toEqual([1088])
      await nextKey()
      expect(ciphertextBytes(viewer, one)).toEqual([0])
    }
  })

  it('repeats it as before when the TCS keeps that word back', async () => {
    const other = await network.join({ silent: true })
    let kept = 0
    network.tamper = ({ from, to, bytes }) => {
      const isWord = from === one.id && to === other.id && bytes[0] === ENVELOPE
      return isWord && decodeEnvelope(bytes).seq > 1 && kept++ === 0 ? null : bytes
    }
    network.connect(other)
    await network.advance(2000)
    expect(kept).toBeGreaterThan(0)
    await nextKey()
    expect(new Set(ciphertextBytes(other, one))).toEqual(new Set([1088]))
    const words = envelopes(one, other).filter(({ header, ciphertext }) => {
      return header.byteLength + 2 + ciphertext.byteLength === NO_KEY_ACK_BYTES
    })
    expect(words).toEqual([])
    expect(await openFrame(other, await sealFrame(one))).toBe('picture')
  })

  it('is not misled by that word when it is about a former pair key', async () => {
    await network.renew(viewer)
    await network.settle()
    let held: Uint8Array | null = null
    network.tamper = ({ from, to, bytes }) => {
      const isWord = from === one.id && to === viewer.id && bytes[0] === ENVELOPE
      if (!isWord || held || bytes.byteLength > NO_KEY_ACK_BYTES) return bytes
      held = bytes.slice()
      return null
    }
    await nextKey()
    await nextKey()
    expect(held).not.toBeNull()
    await network.renew(viewer)
    await nextKey()
    viewer.session.receive(one.id, held!)
    await network.settle()
    await nextKey()
    expect(ciphertextBytes(viewer, one)).toEqual([1088])
  })

  it('is told nothing when it said goodbye', async () => {
    const other = await network.join()
    network.record.length = 0
    await other.session.close()
    await network.settle()
    expect(ciphertextBytes(other, viewer)).toEqual([1088])
    expect(envelopes(viewer, other)).toEqual([])
  })

  it('and another one tell each other once, and fall silent', async () => {
    const other = await network.join()
    await network.advance(2000)
    network.record.length = 0
    for (const [from, to] of [
      [viewer, other],
      [other, viewer],
    ] as const) {
      from.session.requestKey(to.id)
      await network.advance(2000)
    }
    const between = [...envelopes(viewer, other), ...envelopes(other, viewer)]
    expect(between.length).toBeLessThanOrEqual(4)
    network.record.length = 0
    await network.advance(10_000)
    expect([...envelopes(viewer, other), ...envelopes(other, viewer)]).toEqual([])
  })
})
