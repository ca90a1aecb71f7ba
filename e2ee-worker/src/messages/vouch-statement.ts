/**
 * VOUCH: the sender's signed word on which frames it sealed, by the hash of each (docs/protocol.md, "Vouching").
 *
 * body = u8 n || n x (u8 stream, u32 gen, u16 step, u32 first_ctr, u16 count, count x hash[8])
 */
import { E2eeError } from '../errors.ts'
import { MAX_STEP } from '../keys/kid.ts'
import { type Reader, join, u16, u32, u8, type Bytes } from '../wire.ts'

/** Of SHA-256 over the frame's SFrame ciphertext. */
export const VOUCH_HASH_BYTES = 8
export const MAX_VOUCH_ENTRIES = 16
/** Hashes in one statement, over all entries. */
export const MAX_VOUCH_HASHES = 400
const MAX_STREAMS = 16
const MAX_CTR = 2 ** 32 - 1

/** A run of frames of one KID whose counters follow each other. */
export interface VouchEntry {
  readonly stream: number
  readonly gen: number
  readonly step: number
  readonly firstCtr: number
  /** One after another, 8 bytes each, at least one. */
  readonly hashes: Bytes
}

export interface Vouch {
  readonly type: 'vouch'
  readonly entries: readonly VouchEntry[]
}

/** @throws E2eeError E_LEN for what no receiver would take. */
export function encodeVouch({ entries }: Vouch): Bytes {
  let hashes = 0
  for (const entry of entries) hashes += requireEntry(entry)
  if (entries.length > MAX_VOUCH_ENTRIES || hashes > MAX_VOUCH_HASHES) throw new E2eeError('E_LEN')
  return join(u8(entries.length), ...entries.map(encodeEntry))
}

/** @throws E2eeError E_SHORT or E_LEN. */
export function decodeVouch(reader: Reader): Vouch {
  const count = reader.u8()
  if (count > MAX_VOUCH_ENTRIES) throw new E2eeError('E_LEN')
  const entries: VouchEntry[] = []
  let left = MAX_VOUCH_HASHES
  while (entries.length < count) {
    const kid = { stream: reader.u8(), gen: reader.u32(), step: reader.u16() }
    const firstCtr = reader.u32()
    const hashes = reader.u16()
    left -= hashes
    if (left < 0) throw new E2eeError('E_LEN')
    const entry = { ...kid, firstCtr, hashes: reader.bytes(hashes * VOUCH_HASH_BYTES) }
    requireEntry(entry)
    entries.push(entry)
  }
  return { type: 'vouch', entries }
}

function encodeEntry({ stream, gen, step, firstCtr, hashes }: VouchEntry): Bytes {
  const count = hashes.byteLength / VOUCH_HASH_BYTES
  return join(u8(stream), u32(gen), u16(step), u32(firstCtr), u16(count), hashes)
}

/** The number of frames an entry vouches for. */
function requireEntry({ stream, step, firstCtr, hashes }: VouchEntry): number {
  const count = hashes.byteLength / VOUCH_HASH_BYTES
  const whole = Number.isInteger(count) && count > 0
  if (!whole || stream >= MAX_STREAMS || step > MAX_STEP || firstCtr + count > MAX_CTR) {
    throw new E2eeError('E_LEN')
  }
  return count
}
