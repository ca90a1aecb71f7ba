/** Opening transforms: what does not open is dropped, and told without noise. */
import { beforeEach, describe, expect, it } from 'vitest'
import { fakeTransformer, frameOf, type FakeTransformer } from '../../test/frames.ts'
import { MemberKeys } from '../keys/member-keys.ts'
import { SendChain } from '../keys/send-chain.ts'
import type { E2eeCode, MemberId, StreamDescriptor, StreamKind } from '../protocol.ts'
import { attachDecrypt } from './decrypt-stream.ts'
import type { MediaState } from './media-health.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const BOB = 'b04220636da827524b21f44cd99738f1' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const voice: StreamDescriptor = { idx: 0, kind: 'audio', codec: 'opus' }
const screen: StreamDescriptor = { idx: 2, kind: 'screen', codec: 'vp8' }
const streams = [voice, camera, screen]

let now: number
let notes: E2eeCode[]
let states: [MediaState, E2eeCode | null][]
let transformer: FakeTransformer
let chain: SendChain
let members: Map<string, MemberKeys>

const attach = (kind: StreamKind = 'video', owner = ALICE) =>
  attachDecrypt(transformer, {
    consumerId: 'c1',
    owner,
    kind,
    memberKeys: (member) => members.get(member) ?? null,
    note: (code) => notes.push(code),
    onState: (state, code) => states.push([state, code]),
    now: () => now,
  })

function give(chain: SendChain, owner = ALICE): void {
  const keys = members.get(owner) ?? new MemberKeys(owner, () => now)
  members.set(owner, keys)
  keys.accept({ gen: chain.gen, step: chain.step, baseKey: chain.baseKey(), streams })
}

async function sealed(text: string, type: 'key' | 'delta' = 'delta', stream = camera) {
  const key = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 1, 2, 3, 4]
  const prefix = stream.codec === 'opus' ? [] : type === 'key' ? key : [0x31]
  const data = new TextEncoder().encode(text).buffer
  return frameOf(await chain.seal(stream, Uint8Array.from(prefix), data), type)
}

const opened = () => transformer.out.map(({ data }) => new TextDecoder().decode(data))

beforeEach(async () => {
  now = 0
  notes = []
  states = []
  members = new Map()
  transformer = fakeTransformer()
  chain = await SendChain.create(0, ALICE)
})

describe('decrypt transform', () => {
  it('opens key frames, delta frames and audio of the right member', async () => {
    give(chain)
    const transform = attach()
    await transformer.push(await sealed('picture 1', 'key'))
    await transformer.push(await sealed('picture 2'))
    expect(opened()).toEqual(['picture 1', 'picture 2'])
    expect(transform.state).toBe('decrypting')
    expect(states).toEqual([['decrypting', null]])

    transformer = fakeTransformer()
    attach('audio')
    await transformer.push(await sealed('sound', 'delta', voice))
    expect(opened()).toEqual(['sound'])
  })

  it('passes nothing of a member whose keys it does not have, not even as it came', async () => {
    const transform = attach()
    for (let i = 0; i < 25; i++) {
      await transformer.push(await sealed('picture'))
      now += 100
    }
    expect(transformer.out).toEqual([])
    expect(notes).toEqual(['E_NO_KEY', 'E_NO_KEY', 'E_NO_KEY'])
    expect(transform.stats().refused).toEqual({ E_NO_KEY: 25 })
    expect(transform.state).toBe('waiting')
  })

  it('P7 passes nothing that was sent in clear', async () => {
    give(chain)
    const transform = attach()
    await transformer.push(frameOf('an unencrypted picture of more than thirty bytes', 'delta'))
    await transformer.push(frameOf(new Uint8Array(2000), 'key'))
    expect(transformer.out).toEqual([])
    expect(transform.stats().passed).toBe(0)
  })

  it('P7 passes nothing of a kind that was never announced, nor what is shorter than its prefix', async () => {
    give(chain)
    const transform = attach('screen-audio')
    await transformer.push(await sealed('sound', 'delta', voice))
    expect(transform.stats().refused).toEqual({ E_NO_KEY: 1 })
    transformer = fakeTransformer()
    const video = attach()
    await transformer.push(frameOf(Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, 1, 2, 3), 'key'))
    expect(video.stats().refused).toEqual({ E_SHORT: 1 })
    expect(transformer.out).toEqual([])
  })

  it('F8 a frame of another member is dropped', async () => {
    give(chain)
    give(chain, BOB)
    const transform = attach('video', BOB)
    await transformer.push(await sealed('picture'))
    expect(transformer.out).toEqual([])
    expect(transform.stats().refused).toEqual({ E_FRAME_AUTH: 1 })
  })

  it('F9 a frame of another stream of the same member is dropped', async () => {
    give(chain)
    const transform = attach()
    await transformer.push(await sealed('screen', 'delta', screen))
    expect(transformer.out).toEqual([])
    expect(transform.stats().refused).toEqual({ E_STREAM: 1 })
  })

  it('P6 drops repetitions and empty frames quietly', async () => {
    give(chain)
    const transform = attach()
    const frame = await sealed('picture')
    for (let i = 0; i < 6; i++) await transformer.push({ ...frame })
    expect(opened()).toEqual(['picture'])
    const { passed, ignored, refused } = transform.stats()
    expect({ passed, refused }).toEqual({ passed: 1, refused: {} })
    // Five repetitions, and the empty frames that the fake sends along.
    expect(ignored).toBeGreaterThanOrEqual(5)
    expect(notes).toEqual([])
  })

  it('says after 5 s that media cannot be decrypted, and says when it can again', async () => {
    give(chain)
    const transform = attach()
    await transformer.push(await sealed('picture'))
    const right = chain
    const wrong = await SendChain.create(0, ALICE)
    chain = wrong
    for (let i = 0; i < 51; i++) {
      now += 100
      await transformer.push(await sealed('forged'))
      if (now < 5000) expect(transform.state).toBe('decrypting')
    }
    expect(transform.state).toBe('cannot-decrypt')
    chain = right
    for (let i = 0; i < 15; i++) {
      now += 100
      await transformer.push(await sealed('picture'))
    }
    expect(states).toEqual([
      ['decrypting', null],
      ['cannot-decrypt', 'E_FRAME_AUTH'],
      ['decrypting', null],
    ])
  })

  it('a tenth of refused frames is no fault yet', async () => {
    give(chain)
    const transform = attach()
    for (let i = 0; i < 200; i++) {
      now += 50
      if (i % 10 === 0) await transformer.push(frameOf(new Uint8Array(60).fill(1), 'delta'))
      else await transformer.push(await sealed('picture'))
    }
    expect(transform.state).toBe('decrypting')
    expect(transform.stats().passed).toBe(180)
  })

  it('asks for a key frame when the key came late, once a second until one opens', async () => {
    const transform = attach()
    await transformer.push(await sealed('lost'))
    transform.keysArrived()
    expect(transformer.keyFrameRequests).toBe(1)
    give(chain)
    transform.keysArrived()
    expect(transformer.keyFrameRequests).toBe(1)
    now += 999
    await transformer.push(await sealed('picture'))
    expect(transformer.keyFrameRequests).toBe(1)
    now += 1
    await transformer.push(await sealed('picture'))
    expect(transformer.keyFrameRequests).toBe(2)
    await transformer.push(await sealed('picture', 'key'))
    now += 5000
    await transformer.push(await sealed('picture'))
    transform.keysArrived()
    expect(transformer.keyFrameRequests).toBe(2)
  })

  it('never asks for key frames of audio', async () => {
    const transform = attach('audio')
    await transformer.push(await sealed('sound', 'delta', voice))
    transform.keysArrived()
    expect(transformer.keyFrameRequests).toBe(0)
  })

  it('F2 noise of any length is dropped and the next good frame opens', async () => {
    give(chain)
    attach()
    for (let length = 1; length < 80; length++) {
      await transformer.push(frameOf(new Uint8Array(length).fill(length), 'delta'))
    }
    expect(transformer.out).toEqual([])
    await transformer.push(await sealed('picture', 'key'))
    expect(opened()).toEqual(['picture'])
  })
})
