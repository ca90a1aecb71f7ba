/** P6 P7 P8 H16 noise where frames should be: nothing passes, nothing throws, and the next good frame opens. */
import { expect, it } from 'vitest'
import { frameSource } from '../../test/frames.ts'
import { FUZZ_INPUTS, FUZZ_TIMEOUT_MS, Mutator, fuzz } from '../../test/mutate.ts'
import { MemberKeys } from '../keys/member-keys.ts'
import { SendChain } from '../keys/send-chain.ts'
import { join } from '../wire.ts'
import type { Codec, MemberId, StreamDescriptor } from '../protocol.ts'
import { clearPrefix, clearPrefixLength } from './clear-bytes.ts'
import { attachDecrypt } from './decrypt-stream.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const delta = Uint8Array.of(0x31)

const PICTURES: Readonly<Record<Codec, readonly Uint8Array[]>> = {
  vp8: [Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, 1, 2, 3, 4, 5, 6), Uint8Array.of(0x31, 1, 2)],
  vp9: [Uint8Array.of(0x82, 0x49, 0x83, 0x42, 0x00)],
  opus: [Uint8Array.of(0xfc, 0xff, 0xfe)],
}

it.each(Object.keys(PICTURES) as Codec[])(
  'P8 a prefix of %s fits its frame, and leads with what an SFU reads',
  (codec) => {
    fuzz(PICTURES[codec], (input) => {
      const length = clearPrefixLength(codec, input)
      if (length !== null && length > input.byteLength) throw new Error('longer than the frame')
      const key = length === 10
      const made = clearPrefix(codec, key, Uint8Array.from(input).buffer)
      if (made === null) return input
      const sealed = join(made, new Uint8Array(17))
      if (clearPrefixLength(codec, sealed) !== made.byteLength) throw new Error('not found again')
      return input
    })
  },
  FUZZ_TIMEOUT_MS,
)

it(
  'P8 changed frames are refused and whole ones open once, whatever comes between',
  async () => {
    const chain = await SendChain.create(3, ALICE)
    const keys = new MemberKeys(ALICE, () => 0)
    keys.accept({ gen: 3, step: 0, baseKey: chain.baseKey(), streams: [camera] })
    const seal = () => chain.seal(camera, delta, new Uint8Array(60).buffer)
    const frames = [await seal(), await seal()]
    // Noise of another generation costs no cipher; every 32nd input has the right KID and its own tag, or one bit less.
    const others = frames.map((frame) => Uint8Array.from(frame))
    for (const other of others) other[2] = (other[2] ?? 0) ^ 0x40
    const rare = new Mutator(2, frames)
    const common = new Mutator(3, others)
    let left = FUZZ_INPUTS
    const pipe = frameSource(() => {
      if (left-- === 0) return null
      const input = left % 32 === 0 ? rare.next() : common.next()
      return { data: Uint8Array.from(input).buffer, type: 'delta' }
    })
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    const transform = attachDecrypt(pipe.transformer, {
      ...{ consumerId: 'c1', owner: ALICE, kind: 'video' },
      memberKeys: () => keys,
      note: () => undefined,
      onState: () => undefined,
      now: () => 0,
    })
    await transform.ended
    Error.stackTraceLimit = stackTraceLimit
    const { passed, refused, ignored } = transform.stats()
    expect(passed).toBe(frames.length)
    expect(pipe.written).toBe(frames.length)
    const all = Object.values(refused).reduce((sum, count) => sum + count, passed + ignored)
    expect(all).toBe(FUZZ_INPUTS)
    expect(refused).not.toHaveProperty('E_INTERNAL')
    const good = await seal()
    expect(await keys.open(good.subarray(1), 'video', delta)).toHaveLength(60)
  },
  FUZZ_TIMEOUT_MS,
)
