import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hex, huisclosKat } from '../../test/kat.ts'
import { fingerprint, safetyNumber } from './safety-number.ts'
import { toHex, type Bytes } from '../wire.ts'

const { sub_a: subA, sub_b: subB } = huisclosKat.safety_number
const ikA = hex(huisclosKat.safety_number.ik_a)
const ikB = hex(huisclosKat.safety_number.ik_b)

/** Written down once more from the text of the protocol, with Node's own hash. */
function independently(ikPub: Bytes, sub: string): Buffer {
  let hash = Buffer.concat([Buffer.from([0, 1]), ikPub, Buffer.from(sub, 'utf8')])
  for (let i = 0; i < 5200; i++) {
    hash = createHash('sha512').update(hash).update(ikPub).digest()
  }
  return hash
}

function digitsOf(hash: Buffer): string {
  return [0, 5, 10, 15, 20, 25]
    .map((at) => String(hash.readUIntBE(at, 5) % 100_000).padStart(5, '0'))
    .join('')
}

describe('the safety number', () => {
  it('K9 has the known answers, which a second computation also gives', async () => {
    const kat = huisclosKat.safety_number
    const [a, b] = [independently(ikA, subA), independently(ikB, subB)]
    expect([a.toString('hex'), b.toString('hex')]).toEqual([kat.hash_a, kat.hash_b])
    const [low, high] = [a, b].toSorted((x, y) => (digitsOf(x) < digitsOf(y) ? -1 : 1))
    const sixty = digitsOf(low!) + digitsOf(high!)
    expect(sixty.replace(/\d{5}(?=\d)/g, '$& ')).toBe(kat.digits)
    expect(`huisclos:1:${Buffer.concat([low!, high!]).toString('base64url')}`).toBe(kat.qr)

    const own = await fingerprint(ikA, subA)
    const theirs = await fingerprint(ikB, subB)
    expect([toHex(own), toHex(theirs)]).toEqual([kat.hash_a, kat.hash_b])
    expect(safetyNumber(own, theirs)).toEqual({ digits: kat.digits, qr: kat.qr })
  })

  it('is the same from both sides, whichever half is lower', () => {
    const low = new Uint8Array(64)
    const high = new Uint8Array(64).fill(0xff)
    expect(safetyNumber(low, high)).toEqual(safetyNumber(high, low))
    // 0xffffffffff = 1 099 511 627 775: the last five digits, zeros kept.
    const groups = [...new Array<string>(6).fill('00000'), ...new Array<string>(6).fill('27775')]
    expect(safetyNumber(high, low).digits).toBe(groups.join(' '))
  })

  it('is another one for another key and for another person', async () => {
    const hashes = await Promise.all([
      fingerprint(ikA, subA),
      fingerprint(ikB, subA),
      fingerprint(ikA, subB),
    ])
    expect(new Set(hashes.map(toHex)).size).toBe(3)
  })
})
