/** Sealing and opening: round trip, every flipped bit, every truncation. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { sframe, type FrameKey } from './cipher.ts'
import { MAX_U64, encodeHeader } from './header.ts'

type Bytes = Uint8Array<ArrayBuffer>

const KID = 0x3102n
const baseKey = Uint8Array.from({ length: 64 }, (_, i) => i)
const metadata = Uint8Array.from([1, 2, 3, 4, 5])
const plaintext = new TextEncoder().encode('a frame of a camera')
let sealing: FrameKey
let opening: FrameKey

const failure = (code: string) => expect.objectContaining({ code }) as Error

async function sealed(ctr: bigint, data: Bytes = plaintext): Promise<Bytes> {
  const { header, body } = await sframe.seal(sealing, ctr, metadata, data)
  return Uint8Array.from([...header, ...body])
}

function flip(bytes: Bytes, bit: number): Bytes {
  const out = bytes.slice()
  out[bit >> 3] = out[bit >> 3]! ^ (1 << (bit & 7))
  return out
}

beforeAll(async () => {
  sealing = await sframe.deriveFrameKey(baseKey, KID, 'encrypt')
  opening = await sframe.deriveFrameKey(baseKey, KID, 'decrypt')
})

describe('SFrame cipher', () => {
  it('opens what it sealed, of any length and counter', async () => {
    const ctrs = fc.bigInt({ min: 0n, max: MAX_U64 - 1n })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), ctrs, async (data, ctr) => {
        const opened = await sframe.open(
          opening,
          await sealed(ctr, Uint8Array.from(data)),
          metadata,
        )
        expect([...opened]).toEqual([...data])
      }),
    )
  })

  it('F2 refuses a frame with any bit of header, ciphertext or tag flipped', async () => {
    const wire = await sealed(300n)
    for (let bit = 0; bit < wire.byteLength * 8; bit++) {
      await expect(sframe.open(opening, flip(wire, bit), metadata), `bit ${bit}`).rejects.toThrow()
    }
  })

  it('F2 refuses a frame with any bit of the metadata flipped', async () => {
    const wire = await sealed(300n)
    for (let bit = 0; bit < metadata.byteLength * 8; bit++) {
      const opened = sframe.open(opening, wire, flip(metadata, bit))
      await expect(opened, `bit ${bit}`).rejects.toThrow(failure('E_FRAME_AUTH'))
    }
  })

  it('F2 refuses a frame cut off at any length', async () => {
    const wire = await sealed(300n)
    for (let length = 0; length < wire.byteLength; length++) {
      const opened = sframe.open.bind(null, opening, wire.subarray(0, length), metadata)
      await expect(async () => opened(), `length ${length}`).rejects.toThrow()
    }
  })

  it('refuses a ciphertext that is empty or shorter than the tag', async () => {
    const header = encodeHeader(KID, 0n)
    for (const extra of [0, 1, 15]) {
      const short = new Uint8Array(header.byteLength + extra)
      short.set(header)
      await expect(sframe.open(opening, short, metadata)).rejects.toThrow(failure('E_SHORT'))
    }
  })

  it('F13 a key opens only frames that name its KID', async () => {
    const wire = await sealed(0n)
    const other = await sframe.deriveFrameKey(baseKey, KID + 1n, 'decrypt')
    await expect(sframe.open(other, wire, metadata)).rejects.toThrow(failure('E_NO_KEY'))
  })

  it('refuses to seal with the last counter', async () => {
    await expect(sframe.seal(sealing, MAX_U64, metadata, plaintext)).rejects.toThrow(
      failure('E_CTR'),
    )
  })

  it('makes keys that cannot be exported or used the other way round', async () => {
    expect(sealing.key.extractable).toBe(false)
    expect(sealing.key.usages).toEqual(['encrypt'])
    expect(opening.key.usages).toEqual(['decrypt'])
    await expect(crypto.subtle.exportKey('raw', opening.key)).rejects.toThrow()
  })

  it('takes a copy of the base key before it answers', async () => {
    const erased = baseKey.slice()
    const pending = sframe.deriveFrameKey(erased, KID, 'decrypt')
    const stepped = sframe.ratchetBaseKey(erased)
    erased.fill(0)
    const wire = await sealed(7n)
    expect(await sframe.open(await pending, wire, metadata)).toEqual(plaintext)
    expect(await stepped).toEqual(await sframe.ratchetBaseKey(baseKey))
  })
})
