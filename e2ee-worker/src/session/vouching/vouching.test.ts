/** A member and the TCS together against another member: what they forge is flagged, what honest people send is not. */
import { beforeEach, describe, expect, it } from 'vitest'
import { AUDIO, Network, VIDEO } from '../../../test/network.ts'
import { warningsOf, type Node } from '../../../test/network.ts'
import type { Relayed } from '../../../test/network.ts'
import { forgeFrame, openFrame, sealFrame, type Frame } from '../../../test/sealed-frames.ts'
import { decodeBroadcast } from '../../messages/broadcast.ts'

let network: Network
let one: Node
let two: Node

const SCREEN = { idx: 2, kind: 'screen', codec: 'vp8' } as const
const VOUCH = 10
const isVouch = (bytes: Uint8Array): boolean =>
  bytes[0] === 3 && decodeBroadcast(bytes).type === VOUCH
const vouches = () => network.record.filter(({ bytes }) => isVouch(bytes))
const seen = (node: Node, stream = VIDEO) => node.authenticity.get(`${one.id} ${stream.idx}`)

/** Frames for this long, ten a second, all of which arrive. */
async function play(ms: number, stream = VIDEO): Promise<void> {
  for (let at = 0; at < ms; at += 100) {
    const frame = await sealFrame(one, stream)
    for (const node of network.nodes) {
      if (node !== one) expect(await openFrame(node, frame)).toBe('picture')
    }
    await network.advance(100)
  }
}

const FORGED = 'what one never sent'
const forge = (ctr: number, content = FORGED, ahead = 0): Promise<Frame> =>
  forgeFrame(one, { ctr, content, ahead })

const nextCtr = (): number => 1 + (one.session.sender.current?.sent().at(-1)?.ctr ?? -1)

async function meeting(vouch: boolean): Promise<void> {
  network = await Network.open()
  network.policy = { ...network.policy, vouch }
  one = await network.join()
  two = await network.join()
  await network.publish(one)
  await network.advance(2000)
}

beforeEach(() => meeting(true))

describe('vouching', () => {
  it('honest media are vouched for within a second, and nobody is warned', async () => {
    await play(700)
    expect(seen(two)).toBe('vouched')
    await play(3000)
    await play(1000, AUDIO)
    expect([seen(two), seen(two, AUDIO)]).toEqual(['vouched', 'vouched'])
    expect([...warningsOf(one), ...warningsOf(two)]).toEqual([])
  })

  it('is said twice a second while frames are sent, and not at all in silence', async () => {
    await play(3000)
    await network.advance(1000)
    network.record.length = 0
    await play(5000)
    expect(vouches().length).toBe(10)
    await network.advance(1000)
    network.record.length = 0
    await network.advance(5000)
    expect(vouches()).toEqual([])
  })

  it('is not for chat, which is signed itself', async () => {
    await play(1000)
    await one.session.features.chat.send('hello')
    await network.settle()
    expect(two.events.filter(({ type }) => type === 'chat')).toHaveLength(1)
    await network.advance(5000)
    expect([...two.authenticity.keys()]).toEqual([`${one.id} ${VIDEO.idx}`])
    expect(warningsOf(two)).toEqual([])
  })

  it('goes on through steps, generations and somebody joining', async () => {
    await play(1000)
    const three = await network.join()
    await network.advance(700)
    await play(1500)
    network.disconnect(three, 'left')
    network.nodes.pop()
    await play(60_000)
    expect(one.session.sender.current?.gen).toBe(1)
    expect(seen(two)).toBe('vouched')
    expect(warningsOf(two)).toEqual([])
  })

  it('a frame that another member sealed in the name of one is flagged, though it opens', async () => {
    await play(1000)
    expect(await openFrame(two, await forge(nextCtr() + 50))).toBe(FORGED)
    await play(1900)
    expect(seen(two)).toBe('vouched')
    await play(700)
    expect(seen(two)).toBe('unvouched')
    expect(warningsOf(two)).toEqual([])
    await play(2000)
    expect(seen(two)).toBe('forged')
    expect(warningsOf(two)).toEqual(['E_VOUCH'])
  })

  it('F6 a frame at a step far ahead is flagged, and nothing real is refused for it', async () => {
    await play(1000)
    expect(await openFrame(two, await forge(0, FORGED, 199))).toBe(FORGED)
    await play(12_000)
    expect(warningsOf(two)).toEqual(['E_VOUCH'])
    const done = one.session.publish([VIDEO, AUDIO, SCREEN])
    await network.advance(2000)
    await done
    await play(1000, SCREEN)
    expect(warningsOf(two)).toEqual(['E_VOUCH'])
  })

  it.each([
    ['F6 at a step that is not reached yet', 0, 50],
    ['at a counter far ahead', 1_000_000, 0],
  ])(
    'V7 a voice forged in place of the real one %s is named by what came of the camera',
    async (_how, ctr, ahead) => {
      await play(1000, AUDIO)
      for (let n = 0; n < 20; n++) {
        const next = { stream: AUDIO, ctr: ctr + n, content: FORGED, ahead }
        expect(await openFrame(two, await forgeFrame(one, next))).toBe(FORGED)
        await play(100)
      }
      await play(1500)
      expect([seen(two, AUDIO), warningsOf(two)]).toEqual(['unvouched', []])
      await play(4000)
      expect([seen(two, AUDIO), warningsOf(two)]).toEqual(['forged', ['E_VOUCH']])
      expect(seen(two)).toBe('vouched')
    },
  )

  it('I3 a voice that comes 40 s late, with the words on it early or late, accuses nobody', async () => {
    for (const lateMs of [0, 3000]) {
      await meeting(true)
      await play(1000, AUDIO)
      const voice: Frame[] = []
      const words: { readonly bytes: Uint8Array; readonly due: number }[] = []
      network.tamper = ({ to, bytes }) => {
        if (lateMs === 0 || to !== two.id) return bytes
        words.push({ bytes, due: network.clock.now() + lateMs })
        return null
      }
      for (let at = 0; at < 50_000; at += 100) {
        voice.push(await sealFrame(one, AUDIO))
        await play(100)
        if (at >= 40_000) expect(await openFrame(two, voice.shift()!)).toBe('picture')
        while ((words[0]?.due ?? Infinity) <= network.clock.now())
          two.session.receive(one.id, words.shift()!.bytes)
      }
      await network.settle()
      expect(warningsOf(two)).toEqual([])
      const state = lateMs === 0 ? 'vouched' : 'unvouched'
      expect([seen(two), seen(two, AUDIO)]).toEqual([state, 'vouched'])
    }
  })

  it('I1 what a sender of voice and picture signs after a cut of ten seconds accuses nobody', async () => {
    await play(1000)
    await play(1000, AUDIO)
    network.disconnect(one, 'lost')
    for (let i = 0; i < 1000; i++) {
      for (const stream of [VIDEO, AUDIO])
        expect(await openFrame(two, await sealFrame(one, stream))).toBe('picture')
      await network.advance(10)
    }
    network.connect(one)
    await play(6000)
    await play(6000, AUDIO)
    expect([seen(two), seen(two, AUDIO)]).toEqual(['vouched', 'vouched'])
    expect(warningsOf(two)).not.toContain('E_VOUCH')
  })

  it('lets the steps before go five seconds after the first of a new one', async () => {
    await play(1000)
    const [late, later] = [await sealFrame(one), await sealFrame(one)]
    await one.session.sender.current?.ratchet()
    await play(1000)
    await network.advance(3500)
    expect(await openFrame(two, late)).toBe('picture')
    await network.advance(2000)
    expect(await openFrame(two, later)).toBe('E_NO_KEY')
  })

  it('a frame put in the place of one that was sent is a forgery at once', async () => {
    await play(1000)
    const ctr = nextCtr()
    await sealFrame(one)
    expect(await openFrame(two, await forge(ctr))).toBe(FORGED)
    await network.advance(500)
    expect(seen(two)).toBe('forged')
    expect(warningsOf(two)).toEqual(['E_VOUCH'])
  })

  it('after five clean seconds the stream is itself again', async () => {
    await play(1000)
    await openFrame(two, await forge(nextCtr() + 500))
    await play(3000)
    expect(seen(two)).toBe('unvouched')
    await play(4000)
    expect(seen(two)).toBe('forged')
    await play(3000)
    expect(seen(two)).toBe('vouched')
  })

  it('a newcomer that hears a vouch before it knows who signs it is not alarmed', async () => {
    await play(1000)
    const [vouch] = vouches()
    const three = await network.join({ silent: true })
    three.session.receive(one.id, vouch!.bytes.slice())
    network.connect(three)
    await network.settle()
    await network.advance(1000)
    expect(warningsOf(three)).toEqual([])
    await play(2000)
    expect(seen(three)).toBe('vouched')
  })

  it('a TCS that passes no vouches on has the stream flagged', async () => {
    await play(1000)
    network.tamper = ({ bytes }) => (isVouch(bytes) ? null : bytes)
    await play(3500)
    expect(seen(two)).toBe('unvouched')
  })

  it('I7 a network that freezes for nine seconds, words with pictures, has nothing said against anybody', async () => {
    await play(1000)
    const frozen: Relayed[] = []
    network.tamper = (message) => {
      if (!isVouch(message.bytes)) return message.bytes
      frozen.push(message)
      return null
    }
    await play(400)
    await network.advance(9000)
    expect(seen(two)).toBe('vouched')
    network.tamper = ({ bytes }) => bytes
    for (const { from, to, bytes } of frozen) network.send(from, to, bytes)
    for (let half = 0; half < 12; half++) {
      await play(500)
      expect(seen(two)).toBe('vouched')
    }
    expect(warningsOf(two)).toEqual([])
  })

  it('V7 what nobody vouched for is flagged as soon as more arrives, and after 20 s of silence in any case', async () => {
    await play(1000)
    await openFrame(two, await forge(nextCtr() + 500))
    await network.advance(9000)
    expect(seen(two)).toBe('vouched')
    await play(2600)
    expect(seen(two)).toBe('unvouched')
    await play(10_000)
    expect(seen(two)).toBe('vouched')
    await openFrame(two, await forge(nextCtr() + 500))
    await network.advance(23_000)
    expect(seen(two)).toBe('unvouched')
  })

  it('I1 vouches that a frozen server passes on 18 s late accuse nobody', async () => {
    await play(1000)
    const held: Relayed[] = []
    network.tamper = (message) => {
      if (message.to !== two.id) return message.bytes
      held.push(message)
      return null
    }
    await play(18_000)
    expect(seen(two)).toBe('unvouched')
    network.tamper = ({ bytes }) => bytes
    for (const { from, to, bytes } of held) network.send(from, to, bytes)
    await network.settle()
    await play(6000)
    expect(seen(two)).toBe('vouched')
    expect(warningsOf(two)).toEqual([])
  })

  it('a vouch that somebody changed, repeated or signed in another name counts for nothing', async () => {
    const three = await network.join()
    await network.advance(1000)
    await play(1000)
    await openFrame(two, await forge(nextCtr() + 50))
    for (const { from, to, bytes } of vouches()) {
      if (to !== two.id) continue
      const changed = bytes.slice()
      changed[60] = (changed[60] ?? 0) ^ 1
      two.session.receive(from, changed)
      two.session.receive(from, bytes)
      two.session.receive(three.id, bytes)
    }
    await network.settle()
    await play(3000)
    expect(seen(two)).toBe('unvouched')
  })

  it('a vouch of another member says nothing about the streams of one', async () => {
    await network.publish(two, [VIDEO])
    await play(1000)
    const ctr = nextCtr() + 5
    const chain = two.session.sender.current!
    for (let i = 0; i < ctr + 5; i++)
      await chain.seal(VIDEO, Uint8Array.of(0x31), new ArrayBuffer(9))
    await openFrame(two, await forge(ctr))
    await play(3000, AUDIO)
    expect(seen(two)).toBe('unvouched')
  })

  it('while we are cut off nothing is held against anybody', async () => {
    await play(1000)
    network.disconnect(two, 'lost')
    for (let i = 0; i < 40; i++) {
      expect(await openFrame(two, await sealFrame(one))).toBe('picture')
      await network.advance(100)
    }
    network.connect(two)
    await play(3000)
    expect(seen(two)).toBe('vouched')
    expect(warningsOf(two)).toEqual([])
  })

  it('what was sealed during a short cut of the sender is vouched for afterwards', async () => {
    await play(1000)
    network.disconnect(one, 'lost')
    for (let i = 0; i < 10; i++) {
      expect(await openFrame(two, await sealFrame(one))).toBe('picture')
      await network.advance(100)
    }
    network.connect(one)
    await play(2000)
    expect(seen(two)).toBe('vouched')
    expect(warningsOf(two)).not.toContain('E_VOUCH')
  })
})

it('where the token does not ask for it nothing is vouched for, and nothing is flagged', async () => {
  await meeting(false)
  await play(3000)
  await openFrame(two, await forge(nextCtr() + 50))
  await network.advance(5000)
  expect(vouches()).toEqual([])
  expect(seen(two)).toBeUndefined()
  expect(warningsOf(two)).toEqual([])
})
