/** Frame keys are kept ready for the next frame, and go with the base keys that they were made of. */
import { beforeEach, expect, it } from 'vitest'
import type { MemberId, StreamDescriptor } from '../protocol.ts'
import { sframe, type Cipher } from '../sframe/cipher.ts'
import { MemberKeys } from './member-keys.ts'
import { SendChain } from './send-chain.ts'
import type { Bytes } from '../wire.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const prefix = Uint8Array.of(0x31)
const plaintext = new TextEncoder().encode('frame')

let now: number
/** How many frames were decrypted, rightly or not. */
let tried: number
let keys: MemberKeys

const counting: Cipher = {
  ...sframe,
  open(...args) {
    tried++
    return sframe.open(...args)
  },
}

const noKey = expect.objectContaining({ code: 'E_NO_KEY' }) as Error
const open = (wire: Bytes) => keys.open(wire.subarray(1), 'video', wire.subarray(0, 1))
const give = (chain: SendChain) =>
  keys.accept({ gen: chain.gen, step: chain.step, baseKey: chain.baseKey(), streams: [camera] })
const seal = (chain: SendChain) => chain.seal(camera, prefix, plaintext.buffer)

/** Two frames of step 0 and two of step 1, of which one each has opened; step 0 goes five seconds from now. */
async function twoSteps(chain: SendChain): Promise<[Bytes, Bytes]> {
  give(chain)
  const [first, late] = [await seal(chain), await seal(chain)]
  await chain.ratchet()
  const [second, next] = [await seal(chain), await seal(chain)]
  await open(first)
  await open(second)
  await keys.commitStep(chain.gen, 1)
  return [late, next]
}

beforeEach(() => {
  now = 1000
  tried = 0
  keys = new MemberKeys(ALICE, () => now, { cipher: counting })
})

it('a step whose time is over opens nothing with a key that was kept ready', async () => {
  const [late, next] = await twoSteps(await SendChain.create(0, ALICE))
  now += 5000
  await expect(open(late)).rejects.toThrow(noKey)
  expect(tried).toBe(2)
  expect(await open(next)).toEqual(plaintext)
})

it('neither does one of the generation before, whose last step may still be used', async () => {
  const [late, next] = await twoSteps(await SendChain.create(0, ALICE))
  give(await SendChain.create(1, ALICE))
  now += 5000
  await expect(open(late)).rejects.toThrow(noKey)
  expect(tried).toBe(2)
  expect(await open(next)).toEqual(plaintext)
})

it('a frame of the generation before does not shorten its time', async () => {
  const chain = await SendChain.create(0, ALICE)
  give(chain)
  const [one, two] = [await seal(chain), await seal(chain)]
  give(await SendChain.create(1, ALICE))
  expect(await open(one)).toEqual(plaintext)
  now += 9999
  expect(await open(two)).toEqual(plaintext)
})
