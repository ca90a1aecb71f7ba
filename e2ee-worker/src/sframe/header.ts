/**
 * Encodes and decodes the SFrame header, RFC 9605 section 4.3.
 *
 * ```
 * header = config byte || [KID bytes] || [CTR bytes]        1 to 17 bytes, big-endian
 *  bit 7   X   0: K holds the KID (0..7)     1: K holds len(KID) - 1
 *  bit 6-4 K
 *  bit 3   Y   0: C holds the CTR (0..7)     1: C holds len(CTR) - 1
 *  bit 2-0 C
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc9605#section-4.3
 */
import { E2eeError } from '../errors.ts'

/** Largest value of a KID or a CTR: both are unsigned 64-bit integers. */
export const MAX_U64 = 0xffff_ffff_ffff_ffffn
const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER)

export interface SframeHeader {
  readonly kid: bigint
  readonly ctr: bigint
  /** Bytes the header occupies, 1 to 17. */
  readonly length: number
}

/** @throws E2eeError E_LEN when a value is not an unsigned 64-bit integer. */
export function encodeHeader(kid: bigint, ctr: bigint): Uint8Array<ArrayBuffer> {
  const kidLength = extendedLength(kid)
  const ctrLength = extendedLength(ctr)
  const header = new Uint8Array(1 + kidLength + ctrLength)
  header[0] = (nibble(kid, kidLength) << 4) | nibble(ctr, ctrLength)
  writeUint(header, 1, kidLength, kid)
  writeUint(header, 1 + kidLength, ctrLength, ctr)
  return header
}

/**
 * Reads the header at the start of `bytes`.
 *
 * Non-minimal forms are refused: the RFC obliges only the encoder, but one value with two encodings is a parser ambiguity.
 * @throws E2eeError E_SHORT when truncated, E_LEN when a value is not written in its shortest form.
 */
export function decodeHeader(bytes: Uint8Array): SframeHeader {
  const config = bytes[0]
  if (config === undefined) throw new E2eeError('E_SHORT')
  const kid = readField(bytes, 1, config >> 4)
  const ctr = readField(bytes, kid.end, config & 0x0f)
  return { kid: kid.value, ctr: ctr.value, length: ctr.end }
}

// RFC 9605 section 4.3: values below 8 ride in the config byte; others use the minimum number of bytes.
function extendedLength(value: bigint): number {
  if (value < 0n || value > MAX_U64) throw new E2eeError('E_LEN')
  if (value < 8n) return 0
  let length = 1
  // Nearly every value fits a Number, whose arithmetic costs a fraction: this runs for every frame.
  const small = value <= MAX_EXACT
  let rest = small ? Number(value) : Number(value >> 32n)
  if (!small) length += 4
  for (; rest >= 0x100; rest = Math.floor(rest / 0x100)) length++
  return length
}

function nibble(value: bigint, length: number): number {
  return length === 0 ? Number(value) : 0x08 | (length - 1)
}

function writeUint(out: Uint8Array, at: number, length: number, value: bigint): void {
  const high = Math.max(length - 4, 0)
  let rest = Number(value & 0xffff_ffffn)
  for (let i = length - 1; i >= high; i--, rest >>>= 8) out[at + i] = rest
  if (high === 0) return
  rest = Number(value >> 32n)
  for (let i = high - 1; i >= 0; i--, rest >>>= 8) out[at + i] = rest
}

function readField(bytes: Uint8Array, at: number, field: number): { value: bigint; end: number } {
  if ((field & 0x08) === 0) return { value: BigInt(field), end: at }
  const length = (field & 0x07) + 1
  const end = at + length
  if (end > bytes.byteLength) throw new E2eeError('E_SHORT')
  const first = bytes[at] ?? 0
  if (length === 1 ? first < 8 : first === 0) throw new E2eeError('E_LEN')
  return { value: readUint(bytes, at, end), end }
}

function readUint(bytes: Uint8Array, at: number, end: number): bigint {
  const split = Math.max(at, end - 4)
  let low = 0
  for (let i = split; i < end; i++) low = low * 0x100 + (bytes[i] ?? 0)
  if (split === at) return BigInt(low)
  let high = 0
  for (let i = at; i < split; i++) high = high * 0x100 + (bytes[i] ?? 0)
  return (BigInt(high) << 32n) | BigInt(low)
}
