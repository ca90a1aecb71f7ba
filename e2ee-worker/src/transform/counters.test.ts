/** F11 a sender that is replaced: the old transform and the new one run at once, through steps and generations. */
import { expect, it } from 'vitest'
import { frameSource } from '../../test/frames.ts'
import { SendChain } from '../keys/send-chain.ts'
import { Sender } from '../keys/sender.ts'
import type { MemberId, StreamDescriptor } from '../protocol.ts'
import { sframe, type Cipher } from '../sframe/cipher.ts'
import { decodeHeader, encodeHeader } from '../sframe/header.ts'
import { attachEncrypt, type EncryptTransform } from './encrypt-stream.ts'
import type { EncodedFrame } from './encoded.ts'

const ME = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp9' }
const EACH = 500_000

/** Headers as the real one makes them, and no ciphertext: a million seals would take a minute. */
const bare: Cipher = {
  ...sframe,
  seal: ({ kid }, ctr) =>
    Promise.resolve({ header: encodeHeader(kid, ctr), body: new Uint8Array(16) }),
}

it('never emits the same KID and counter twice in a million frames', async () => {
  const sender = new Sender()
  sender.use(await SendChain.create(0, ME, { cipher: bare }), 0)
  const seen = new Map<bigint, Uint8Array>()
  let repeated = 0
  const took = ({ data }: EncodedFrame): void => {
    const { kid, ctr } = decodeHeader(new Uint8Array(data))
    const counters = seen.get(kid) ?? new Uint8Array(2 * EACH)
    seen.set(kid, counters)
    repeated += counters[Number(ctr)] ?? 1
    counters[Number(ctr)] = 1
  }
  let changes = Promise.resolve()
  const transform = (): EncryptTransform => {
    let left = EACH
    const next = (): EncodedFrame | null => {
      left -= 1
      // Both transforms find the key changing under the frames they have in hand.
      if (left % 50_000 === 7) changes = changes.then(() => change(sender, left % 100_000 === 7))
      return left < 0 ? null : { data: new ArrayBuffer(8), type: 'delta' }
    }
    const { transformer } = frameSource(next, took)
    return attachEncrypt(transformer, {
      ...{ sender, stream: camera },
      note: () => undefined,
      now: () => 0,
    })
  }
  const transforms = [transform(), transform()]
  await Promise.all(transforms.map(({ ended }) => ended))
  await changes
  const passed = transforms.reduce((sum, one) => sum + one.stats().passed, 0)
  const refused = transforms.map((one) => one.stats().refused)
  // Whatever was in hand when its generation was erased is gone, and nothing else is.
  const lost = refused.reduce((sum, { E_NO_KEY = 0 }) => sum + E_NO_KEY, 0)
  expect(passed + lost).toBe(2 * EACH)
  expect(lost).toBeLessThan(100)
  expect(repeated).toBe(0)
  expect(seen.size).toBeGreaterThan(10)
}, 120_000)

async function change(sender: Sender, generation: boolean): Promise<void> {
  const gen = sender.current?.gen ?? 0
  if (generation) sender.use(await SendChain.create(gen + 1, ME, { cipher: bare }), 0)
  else await sender.current?.ratchet()
}
