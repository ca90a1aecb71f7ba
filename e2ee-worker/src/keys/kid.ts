/**
 * Packs generation, stream and ratchet step into an SFrame KID: `gen << 12 | stream << 8 | step`.
 *
 * The step is absolute (0..200), never modulo, because a muted stream sends nothing while joins and the clock move it on.
 * @see https://www.rfc-editor.org/rfc/rfc9605#section-5.1
 */
import { E2eeError } from '../errors.ts'

/** At this step the sender starts a new generation; a receiver drops anything above it. */
export const MAX_STEP = 200

/** Bytes of the base key that a KID names: Nh of SFrame suite 0x0005. */
export const BASE_KEY_BYTES = 64

const MAX_GEN = 0xffff_ffff
const MAX_STREAM = 15

export interface Kid {
  /** u32. */
  readonly gen: number
  /** 0..15. */
  readonly stream: number
  /** 0..255 on the wire, of which 0..200 are valid. */
  readonly step: number
}

/** @throws E2eeError E_LEN when a part is out of its range. */
export function encodeKid(gen: number, stream: number, step: number): bigint {
  if (!within(gen, MAX_GEN) || !within(stream, MAX_STREAM) || !within(step, MAX_STEP)) {
    throw new E2eeError('E_LEN')
  }
  return (BigInt(gen) << 12n) | BigInt((stream << 8) | step)
}

/** @throws E2eeError E_NO_KEY for a KID that no E2EE1 sender can have made. */
export function decodeKid(kid: bigint): Kid {
  const gen = kid >> 12n
  const low = Number(kid & 0xfffn)
  const step = low & 0xff
  if (gen > BigInt(MAX_GEN) || step > MAX_STEP) throw new E2eeError('E_NO_KEY')
  return { gen: Number(gen), stream: low >> 8, step }
}

function within(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max
}
