import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { ReceivePair, SendPair, decodeEnvelope } from './envelope.ts'
import { KEM_CT_BYTES } from '../keys/kem.ts'
import { derivePair, importEphemeral, makeEphemeral, type PairKey } from '../keys/pair.ts'
import { fromHex, join, text, toHex, u32, u64, u8, vec, type Bytes } from '../wire.ts'

const [FROM, TO] = ['a1'.repeat(16), 'b2'.repeat(16)] as [MemberId, MemberId]
const route = { from: FROM, to: TO, epochFrom: 1, epochTo: 1, kemCt: new Uint8Array(0) }
let pair: PairKey
let sending: SendPair
let receiving: ReceivePair

beforeEach(async () => {
  const [a, b] = [await makeEphemeral(), await makeEphemeral()]
  pair = await derivePair({
    suite: 1,
    from: FROM,
    to: TO,
    helloHashFrom: new Uint8Array(32),
    helloHashTo: new Uint8Array(32),
    ek: a.privateKey,
    peerEk: await importEphemeral(b.ekPub),
    psk: new Uint8Array(64),
    kem: null,
  })
  sending = new SendPair(pair, route)
  receiving = new ReceivePair(pair)
})

/** As nobody sealed it: sequence number 0. */
function header(kemCt: Bytes): Bytes {
  const ids = join(fromHex(FROM, 16), fromHex(TO, 16))
  return join(u8(2), u8(1), ids, u32(1), u32(1), u64(0), vec(kemCt))
}

async function open(bytes: Uint8Array): Promise<string> {
  const attempt = async (): Promise<string> => {
    const { plaintext, missed } = await receiving.open(decodeEnvelope(bytes))
    return `${new TextDecoder().decode(plaintext)} missed ${missed}`
  }
  return attempt().catch((error: unknown) => codeOf(error))
}

describe('an envelope', () => {
  it('opens once, in order, and says how many were lost before it', async () => {
    const sealed: Bytes[] = []
    for (const word of ['one', 'two', 'three', 'four']) sealed.push(await sending.seal(text(word)))
    expect(await open(sealed[0]!)).toBe('one missed 0')
    expect(await open(sealed[1]!)).toBe('two missed 0')
    expect(await open(sealed[3]!)).toBe('four missed 1')
  })

  it('H5 is refused when replayed or overtaken', async () => {
    const [one, two] = [await sending.seal(text('one')), await sending.seal(text('two'))]
    expect(await open(two)).toBe('two missed 1')
    expect(await open(two)).toBe('E_ENV_REPLAY')
    expect(await open(one)).toBe('E_ENV_REPLAY')
  })

  it('H5 is refused when re-addressed or moved to other epochs, and changes nothing', async () => {
    const sealed = await sending.seal(text('one'))
    // Sender, receiver, both epochs and the sequence number.
    for (const at of [2, 18, 37, 41, 49]) {
      const forged = sealed.slice()
      forged[at] = (forged[at] ?? 0) ^ 1
      expect(await open(forged)).toBe('E_ENV_AUTH')
    }
    expect(await open(sealed)).toBe('one missed 0')
  })

  it('H5 is refused when cut short anywhere or made longer', async () => {
    const sealed = await sending.seal(text('one'))
    for (let length = 0; length < sealed.length; length++) {
      expect(await open(sealed.slice(0, length))).toMatch(/^E_SHORT$/)
    }
    expect(await open(join(sealed, Uint8Array.of(0)))).toBe('E_TRAILING')
  })

  it('H16 is refused when it is longer than any, or has no room for a tag', async () => {
    const of = (kemCt: Bytes, length: number): Bytes =>
      join(header(kemCt), vec(new Uint8Array(length)))
    const longest = 65_536 - header(new Uint8Array(KEM_CT_BYTES)).length - 2
    expect(await open(of(new Uint8Array(KEM_CT_BYTES), longest))).toBe('E_ENV_AUTH')
    expect(await open(of(new Uint8Array(KEM_CT_BYTES), longest + 1))).toBe('E_LEN')
    expect(await open(of(new Uint8Array(0), 15))).toBe('E_SHORT')
    expect(await open(of(new Uint8Array(0), 16))).toBe('E_ENV_AUTH')
  })

  it('H16 is refused with a KEM ciphertext of a length that none has', async () => {
    for (const length of [1, KEM_CT_BYTES - 1, KEM_CT_BYTES + 1]) {
      const forged = join(header(new Uint8Array(length)), vec(new Uint8Array(40)))
      expect(await open(forged)).toBe('E_LEN')
    }
  })

  it('never uses a nonce twice', async () => {
    const bodies = await Promise.all(
      Array.from({ length: 50 }, () => sending.seal(new Uint8Array(32))),
    )
    const ciphertexts = bodies.map((bytes) => toHex(decodeEnvelope(bytes).ciphertext))
    expect(new Set(ciphertexts).size).toBe(50)
  })

  it('H16 survives any bytes and any flipped bit', async () => {
    const sealed = await sending.seal(text('one'))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sealed.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (i, x) => {
          const flipped = sealed.slice()
          flipped[i] = (flipped[i] ?? 0) ^ x
          expect(await open(flipped)).toMatch(/^E_(?!INTERNAL)/)
        },
      ),
      { numRuns: 500 },
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        expect(await open(noise)).toMatch(/^E_(?!INTERNAL)/)
      }),
      { numRuns: 1000 },
    )
  })
})
