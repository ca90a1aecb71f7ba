/** Keys that are erased or replaced while a frame waits for WebCrypto: what was begun with them comes to nothing. */
import { expect, it } from 'vitest'
import type { MemberId, StreamDescriptor } from '../protocol.ts'
import { sframe, type Cipher } from '../sframe/cipher.ts'
import { MemberKeys } from './member-keys.ts'
import { ReceiveChain } from './receive-chain.ts'
import { SendChain } from './send-chain.ts'
import type { Bytes } from '../wire.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const prefix = Uint8Array.of(0x31)
const frame = new TextEncoder().encode('frame')
const noKey = expect.objectContaining({ code: 'E_NO_KEY' }) as Error

type Step = 'deriveFrameKey' | 'ratchetBaseKey' | 'open'

/** The right cipher, but something happens before the result of this step is seen, the `nth` time. */
function interrupted(step: Step, happens: () => void, nth = 1): Cipher {
  let calls = 0
  const slow = async (...args: unknown[]): Promise<unknown> => {
    const result = await (sframe[step] as (...args: unknown[]) => Promise<unknown>)(...args)
    if (++calls === nth) happens()
    return result
  }
  return { ...sframe, [step]: slow }
}

const tell = (keys: MemberKeys, step: number, baseKey: Bytes, gen = 0): void =>
  keys.accept({ gen, step, baseKey, streams: [camera] })
const open = (keys: MemberKeys, wire: Bytes): Promise<Bytes> =>
  keys.open(wire.subarray(1), 'video', wire.subarray(0, 1))

it('a frame that is being opened is not shown', async () => {
  const chain = await SendChain.create(0, ALICE)
  const keys: MemberKeys = new MemberKeys(ALICE, () => 0, {
    cipher: interrupted('open', () => keys.erase()),
  })
  tell(keys, 0, chain.baseKey())
  await expect(open(keys, await chain.seal(camera, prefix, frame.buffer))).rejects.toThrow(noKey)
})

it('nor when the keys of its generation are pushed out meanwhile', async () => {
  const chain = await SendChain.create(0, ALICE)
  const later = [await SendChain.create(1, ALICE), await SendChain.create(2, ALICE)]
  const keys: MemberKeys = new MemberKeys(ALICE, () => 0, {
    cipher: interrupted('open', () => {
      for (const next of later) tell(keys, 0, next.baseKey(), next.gen)
    }),
  })
  tell(keys, 0, chain.baseKey())
  await expect(open(keys, await chain.seal(camera, prefix, frame.buffer))).rejects.toThrow(noKey)
})

it('a frame key of a step that was replaced opens nothing', async () => {
  const [chain, other] = [await SendChain.create(0, ALICE), await SendChain.create(0, ALICE)]
  const keys: MemberKeys = new MemberKeys(ALICE, () => 0, {
    cipher: interrupted('deriveFrameKey', () => tell(keys, 1, other.baseKey())),
  })
  tell(keys, 0, chain.baseKey())
  await chain.ratchet()
  const wire = await chain.seal(camera, prefix, frame.buffer)
  await expect(open(keys, wire)).rejects.toThrow(noKey)
})

it('no step is derived from a base key that was overwritten', async () => {
  const baseKey = crypto.getRandomValues(new Uint8Array(64))
  const chain: ReceiveChain = new ReceiveChain(
    { gen: 0, step: 0, baseKey },
    interrupted('ratchetBaseKey', () => chain.eraseAll(), 2),
  )
  expect(await chain.frameKey(1, 3)).toBeNull()
  expect([0, 1, 2, 3].filter((step) => chain.holds(step))).toEqual([])
  expect(baseKey.every((byte) => byte === 0)).toBe(true)
})

it('nothing is sealed any longer', async () => {
  const chain: SendChain = await SendChain.create(0, ALICE, {
    cipher: interrupted('deriveFrameKey', () => chain.erase()),
  })
  await expect(chain.seal(camera, prefix, frame.buffer)).rejects.toThrow(noKey)
})
