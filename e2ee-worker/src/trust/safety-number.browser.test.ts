/** Runs the known answers of the safety number in the browser's own WebCrypto. */
import { expect, it } from 'vitest'
import huisclosKat from '../../vectors/huisclos-kat.json' with { type: 'json' }
import { fingerprint, safetyNumber } from './safety-number.ts'
import { fromHex } from '../wire.ts'

it('K9 the safety number has the known answers', async () => {
  const kat = huisclosKat.safety_number
  const own = await fingerprint(fromHex(kat.ik_a, 65), kat.sub_a)
  const theirs = await fingerprint(fromHex(kat.ik_b, 65), kat.sub_b)
  expect(safetyNumber(own, theirs)).toEqual({ digits: kat.digits, qr: kat.qr })
})
