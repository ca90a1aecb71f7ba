import { expect, test } from 'vitest'
import { naiveConsistency, naiveInclusion, naiveRoot } from '../../../test/naive-tree.ts'
import {
  consistencyProof,
  grown,
  inclusionProof,
  leafHash,
  rootOf,
  type NodeReader,
} from './tree.ts'

async function treeOf(lines: readonly string[]) {
  const nodes = new Map<string, Buffer>()
  let reads = 0
  const read: NodeReader = (level, index) => {
    reads += 1
    const hash = nodes.get(`${level} ${index}`)
    return hash === undefined ? Promise.reject(new Error('no such node')) : Promise.resolve(hash)
  }
  for (const [n, line] of lines.entries()) {
    for (const { level, index, hash } of await grown(read, n, leafHash(line))) {
      nodes.set(`${level} ${index}`, hash)
    }
  }
  const readsOf = async (work: () => Promise<unknown>): Promise<number> => {
    reads = 0
    await work()
    return reads
  }
  return { read, readsOf }
}

const linesOf = (count: number) => Array.from({ length: count }, (_, n) => `line ${n} é`)

test('the root of no lines is the hash of nothing, and one of RFC 6962 that others computed holds', async () => {
  const { read } = await treeOf(['', '\x00'])
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  expect((await rootOf(read, 0)).toString('hex')).toBe(empty)
  // Known answers of certificate-transparency's own tests.
  const one = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
  const two = 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'
  expect((await rootOf(read, 1)).toString('hex')).toBe(one)
  expect((await rootOf(read, 2)).toString('hex')).toBe(two)
})

test('root and every proof of every tree of up to 33 lines are those of the RFC, as a second model has them', async () => {
  const lines = linesOf(33)
  const { read } = await treeOf(lines)
  for (let size = 1; size <= lines.length; size++) {
    const tree = lines.slice(0, size)
    expect(await rootOf(read, size)).toEqual(naiveRoot(tree))
    for (let n = 0; n < size; n++) {
      expect(await inclusionProof(read, n, size)).toEqual(naiveInclusion(n, tree))
    }
    for (let from = 1; from <= size; from++) {
      expect(await consistencyProof(read, from, size)).toEqual(naiveConsistency(from, tree))
    }
  }
})

test('root and proofs of a thousand lines read no more nodes than twice the depth of the tree', async () => {
  const { read, readsOf } = await treeOf(linesOf(1000))
  for (const size of [1000, 999, 513, 512, 511]) {
    expect(await readsOf(() => rootOf(read, size))).toBeLessThanOrEqual(10)
    for (const n of [0, 1, 300, size - 1]) {
      expect(await readsOf(() => inclusionProof(read, n, size))).toBeLessThanOrEqual(20)
      expect(await readsOf(() => consistencyProof(read, n + 1, size))).toBeLessThanOrEqual(20)
    }
  }
})
