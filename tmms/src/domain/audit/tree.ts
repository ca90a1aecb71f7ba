/**
 * The Merkle tree over the lines of the audit log: RFC 6962 section 2.1, with SHA-256.
 *
 * Only complete subtrees are kept, each under its level (leaves are 0) and its number from the left: a root or a proof
 * reads a number of them that grows with the logarithm of the size.
 */
import { createHash } from 'node:crypto'

/** Reads the hash of the complete subtree `index` of 2^`level` leaves. */
export type NodeReader = (level: number, index: number) => Promise<Buffer>

export function leafHash(line: string): Buffer {
  return createHash('sha256').update(Uint8Array.of(0)).update(line, 'utf8').digest()
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest()
}

/** MTH of the first `size` leaves. */
export async function rootOf(read: NodeReader, size: number): Promise<Buffer> {
  return size === 0 ? createHash('sha256').digest() : rangeHash(read, 0, size)
}

/** RFC 6962 section 2.1.1: PATH(index, D[size]), lowest first. Needs `index < size`. */
export async function inclusionProof(
  read: NodeReader,
  index: number,
  size: number,
): Promise<readonly Buffer[]> {
  const path = async (start: number, end: number): Promise<Buffer[]> => {
    if (end - start === 1) return []
    const middle = start + splitOf(end - start)
    return index < middle
      ? [...(await path(start, middle)), await rangeHash(read, middle, end)]
      : [...(await path(middle, end)), await rangeHash(read, start, middle)]
  }
  return path(0, size)
}

/** RFC 6962 section 2.1.2: PROOF(from, D[to]). Nothing needs a proof from nothing, or to the same size. */
export async function consistencyProof(
  read: NodeReader,
  from: number,
  to: number,
): Promise<readonly Buffer[]> {
  if (from === 0 || from === to) return []
  const subproof = async (start: number, end: number, whole: boolean): Promise<Buffer[]> => {
    if (from === end) return whole ? [] : [await rangeHash(read, start, end)]
    const middle = start + splitOf(end - start)
    return from <= middle
      ? [...(await subproof(start, middle, whole)), await rangeHash(read, middle, end)]
      : [...(await subproof(middle, end, false)), await rangeHash(read, start, middle)]
  }
  return subproof(0, to, true)
}

/** What a tree of `index` leaves gets by one more leaf: the leaf, and each subtree that is complete with it. */
export async function grown(
  read: NodeReader,
  index: number,
  leaf: Buffer,
): Promise<readonly { level: number; index: number; hash: Buffer }[]> {
  let last = { level: 0, index, hash: leaf }
  const nodes = [last]
  while (last.index % 2 === 1) {
    const left = await read(last.level, last.index - 1)
    const hash = nodeHash(left, last.hash)
    last = { level: last.level + 1, index: (last.index - 1) / 2, hash }
    nodes.push(last)
  }
  return nodes
}

// The ranges that the RFC splits off start at a multiple of the largest power of two in them.
async function rangeHash(read: NodeReader, start: number, end: number): Promise<Buffer> {
  const size = end - start
  const half = size === 1 ? 0 : splitOf(size)
  if (size === 1 || half * 2 === size) return read(Math.log2(size), start / size)
  const middle = start + half
  return nodeHash(await rangeHash(read, start, middle), await rangeHash(read, middle, end))
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}
