/** A second model of the Merkle tree, written from RFC 6962 section 2.1 alone and as slow as it reads. */
import { createHash } from 'node:crypto'

const sha = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest()

function split(n: number): number {
  const powers = Array.from({ length: 40 }, (_, at) => 2 ** at)
  return powers.findLast((power) => power < n) ?? 1
}

/** MTH(D). */
export function naiveRoot(lines: readonly string[]): Buffer {
  if (lines.length === 0) return sha()
  if (lines.length === 1) return sha(Uint8Array.of(0), Buffer.from(lines[0] ?? ''))
  const k = split(lines.length)
  return sha(Uint8Array.of(1), naiveRoot(lines.slice(0, k)), naiveRoot(lines.slice(k)))
}

/** PATH(m, D). */
export function naiveInclusion(m: number, lines: readonly string[]): readonly Buffer[] {
  if (lines.length === 1) return []
  const k = split(lines.length)
  return m < k
    ? [...naiveInclusion(m, lines.slice(0, k)), naiveRoot(lines.slice(k))]
    : [...naiveInclusion(m - k, lines.slice(k)), naiveRoot(lines.slice(0, k))]
}

/** PROOF(m, D). */
export function naiveConsistency(
  m: number,
  lines: readonly string[],
  whole = true,
): readonly Buffer[] {
  if (m === lines.length) return whole ? [] : [naiveRoot(lines)]
  const k = split(lines.length)
  return m <= k
    ? [...naiveConsistency(m, lines.slice(0, k), whole), naiveRoot(lines.slice(k))]
    : [...naiveConsistency(m - k, lines.slice(k), false), naiveRoot(lines.slice(0, k))]
}
