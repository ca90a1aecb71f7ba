/** Our sender key: counters never repeat, steps switch make-before-break, limits stop it. */
import { describe, expect, it } from 'vitest'
import type { MemberId, StreamDescriptor } from '../protocol.ts'
import type { Cipher } from '../sframe/cipher.ts'
import { decodeHeader, encodeHeader } from '../sframe/header.ts'
import { decodeKid } from './kid.ts'
import { SendChain } from './send-chain.ts'
import { toHex } from '../wire.ts'

const ME = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const screen: StreamDescriptor = { idx: 2, kind: 'screen', codec: 'vp8' }
const none = new Uint8Array(0)
const frame = new TextEncoder().encode('frame').buffer
const failure = (code: string) => expect.objectContaining({ code }) as Error

async function ids(chain: SendChain, stream = camera) {
  const { kid, ctr } = decodeHeader(await chain.seal(stream, none, frame))
  return { ...decodeKid(kid), ctr }
}

/** Does everything but the arithmetic, so that a million frames take seconds. */
const bareCipher: Cipher = {
  deriveFrameKey: (_, kid) => Promise.resolve({ kid, key: {} as CryptoKey, salt: none }),
  ratchetBaseKey: (baseKey) => Promise.resolve(baseKey.map((byte) => byte ^ 1)),
  seal: ({ kid }, ctr) => Promise.resolve({ header: encodeHeader(kid, ctr), body: none }),
  open: () => Promise.reject(new TypeError('not used')),
}

describe('sender key', () => {
  it('counts every stream on its own and names it in the KID', async () => {
    const chain = await SendChain.create(3, ME)
    expect(await ids(chain)).toEqual({ gen: 3, stream: 1, step: 0, ctr: 0n })
    expect(await ids(chain)).toEqual({ gen: 3, stream: 1, step: 0, ctr: 1n })
    expect(await ids(chain, screen)).toEqual({ gen: 3, stream: 2, step: 0, ctr: 0n })
  })

  it('starts the counters anew at every step, under another KID', async () => {
    const chain = await SendChain.create(0, ME)
    await ids(chain)
    await chain.ratchet()
    expect(await ids(chain)).toEqual({ gen: 0, stream: 1, step: 1, ctr: 0n })
  })

  it('K4 a prepared step is told before it is used', async () => {
    const chain = await SendChain.create(0, ME)
    const before = chain.baseKey()
    const next = await chain.prepareNext()
    expect(next.step).toBe(1)
    expect((await ids(chain)).step).toBe(0)
    expect(chain.baseKey()).toEqual(before)
    await chain.activate()
    expect((await ids(chain)).step).toBe(1)
    expect(chain.baseKey()).toEqual(next.baseKey)
    expect(next.baseKey).not.toEqual(before)
  })

  it('F11 two transforms of one sender never emit the same KID and counter in 10^6 frames', async () => {
    const chain = await SendChain.create(0, ME, { cipher: bareCipher })
    const seen = new Set<string>()
    for (let round = 0; round < 1000; round++) {
      const batch: Promise<Uint8Array>[] = []
      for (let i = 0; i < 500; i++) {
        batch.push(chain.seal(camera, none, frame), chain.seal(camera, none, frame))
        if (i === 250 && round % 10 === 0 && chain.step < 100) batch.push(...switchStep(chain))
      }
      for (const wire of await Promise.all(batch)) if (wire.byteLength > 0) seen.add(toHex(wire))
    }
    expect(chain.step).toBe(100)
    expect(seen.size).toBe(1_000_000)
  }, 60_000)

  it('F12 every chain starts from another base key', async () => {
    const keys = await Promise.all(Array.from({ length: 50 }, () => SendChain.create(0, ME)))
    expect(new Set(keys.map((chain) => toHex(chain.baseKey()))).size).toBe(50)
    expect(keys[0]!.baseKey().byteLength).toBe(64)
  })

  it('F10 asks for a new generation at 2^24 frames of one stream', async () => {
    const chain = await SendChain.create(0, ME, { firstCtr: 2 ** 24 - 2 })
    await ids(chain)
    expect(chain.exhausted).toBe(false)
    await ids(chain)
    expect(chain.exhausted).toBe(true)
  })

  it('F10 asks for a new generation at 64 GiB, in whatever streams', async () => {
    const chain = await SendChain.create(0, ME, { cipher: bareCipher })
    const [half, less] = [2 ** 35, 2 ** 35 - 1].map((byteLength) => ({ byteLength }) as ArrayBuffer)
    await chain.seal(camera, none, half!)
    await chain.seal(screen, none, less!)
    expect(chain.exhausted).toBe(false)
    await chain.seal(screen, none, new ArrayBuffer(1))
    expect(chain.exhausted).toBe(true)
  })

  it('F11 F12 a step that is activated twice at once is activated once', async () => {
    const chain = await SendChain.create(0, ME)
    await ids(chain)
    const { baseKey } = await chain.prepareNext()
    await Promise.all([chain.activate(), chain.activate()])
    expect(chain.step).toBe(1)
    expect(toHex(chain.baseKey())).toBe(toHex(baseKey))
    expect(await ids(chain)).toMatchObject({ step: 1, ctr: 0n })
  })

  it('F10 stops at counter 2^32 - 1', async () => {
    const chain = await SendChain.create(0, ME, { firstCtr: 2 ** 32 - 2 })
    expect((await ids(chain)).ctr).toBe(2n ** 32n - 2n)
    await expect(ids(chain)).rejects.toThrow(failure('E_CTR'))
    await expect(ids(chain)).rejects.toThrow(failure('E_CTR'))
  })

  it('asks for a new generation at step 200 and goes no further', async () => {
    const chain = await SendChain.create(0, ME)
    for (let step = 0; step < 200; step++) await chain.ratchet()
    expect(chain.exhausted).toBe(true)
    await expect(chain.ratchet()).rejects.toThrow(failure('E_STATE'))
    expect((await ids(chain)).step).toBe(200)
  })

  it('seals nothing and tells no key once erased', async () => {
    const chain = await SendChain.create(0, ME)
    await ids(chain)
    const preparing = chain.prepareNext()
    chain.erase()
    await expect(preparing).rejects.toThrow(failure('E_STATE'))
    await expect(ids(chain)).rejects.toThrow(failure('E_NO_KEY'))
    expect(() => chain.baseKey()).toThrow(failure('E_STATE'))
    await expect(chain.activate()).rejects.toThrow(failure('E_STATE'))
    expect(chain.sent()).toEqual([])
  })
})

function switchStep(chain: SendChain): Promise<Uint8Array>[] {
  return [chain.ratchet().then(() => none)]
}
