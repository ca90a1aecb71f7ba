/**
 * Whether a Merkle tree only grew. The tree is that of RFC 6962 section 2.1, the check RFC 9162 section 2.1.4.2 for the
 * proofs of RFC 6962 section 2.1.2.
 */
import { join, sameBytes, sha256, type Bytes } from '../wire.ts'

/** How many leaves, and the root over them. */
export interface TreeSize {
  readonly size: number
  readonly root: Bytes
}

/** Whether `proof` shows that the first `first.size` leaves of `second` are those of `first`. */
export async function isConsistent(
  first: TreeSize,
  second: TreeSize,
  proof: readonly Bytes[],
): Promise<boolean> {
  if (first.size > second.size) return false
  if (first.size === second.size) return proof.length === 0 && sameBytes(first.root, second.root)
  if (first.size === 0) return proof.length === 0
  // Step 2: a first tree that is complete is its own first node.
  const [start, ...path] = isPowerOfTwo(first.size) ? [first.root, ...proof] : proof
  if (start === undefined) return false
  // Numbers of the last leaves; divided rather than shifted, because a size may be larger than 32 bits.
  let fn = first.size - 1
  let sn = second.size - 1
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)]
  let [fr, sr] = [start, start]
  for (const c of path) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      ;[fr, sr] = [await nodeHash(c, fr), await nodeHash(c, sr)]
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      sr = await nodeHash(sr, c)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && sameBytes(fr, first.root) && sameBytes(sr, second.root)
}

function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(join(Uint8Array.of(1), left, right))
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size)) && 2 ** Math.round(Math.log2(size)) === size
}

function isOdd(value: number): boolean {
  return value % 2 === 1
}

function half(value: number): number {
  return Math.floor(value / 2)
}
