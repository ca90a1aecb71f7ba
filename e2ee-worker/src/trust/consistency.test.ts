import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leavesOf, naiveConsistency, naiveRoot, type Leaves } from '../../test/naive-tree.ts'
import type { Bytes } from '../wire.ts'
import { isConsistent, type TreeSize } from './consistency.ts'

const bytes = (buffer: Uint8Array): Bytes => new Uint8Array(buffer)
const hex = (value: string): Bytes => bytes(Buffer.from(value, 'hex'))
const head = (leaves: Leaves): TreeSize => ({ size: leaves.length, root: bytes(naiveRoot(leaves)) })
const proofOf = (m: number, leaves: Leaves) => naiveConsistency(m, leaves).map(bytes)

// The leaves and roots of certificate-transparency's own tests.
const KNOWN = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map(hex)
const EIGHTH = hex('606162636465666768696a6b6c6d6e6f')

test('known answers of others hold, for the tree and for a proof', async () => {
  const leaves = [...KNOWN, EIGHTH]
  const [one, eight] = [head(leaves.slice(0, 1)), head(leaves)]
  const rootOfOne = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
  const rootOfEight = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'
  expect([one.root, eight.root]).toEqual([hex(rootOfOne), hex(rootOfEight)])
  const proof = [
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ].map(hex)
  expect(await isConsistent(one, eight, proof)).toBe(true)
})

test('every growth of every tree of up to 34 leaves is proved, and shown to be no other', async () => {
  const leaves = leavesOf(34)
  for (let size = 0; size <= leaves.length; size++) {
    const grown = leaves.slice(0, size)
    for (let m = 0; m <= size; m++) {
      const proof = proofOf(m, grown)
      expect(await isConsistent(head(leaves.slice(0, m)), head(grown), proof), `${m} ${size}`).toBe(
        true,
      )
      if (m === 0) continue
      // Another past of the same length.
      const other = head([...leavesOf(1, 'other'), ...leaves.slice(1, m)])
      expect(await isConsistent(other, head(grown), proof), `other ${m} ${size}`).toBe(false)
    }
  }
})

test('a proof with a flipped bit, a hash too many, too few or in another place proves nothing', async () => {
  const leaves = leavesOf(21)
  for (const m of [1, 4, 7, 8, 13, 16, 20]) {
    const [from, to, proof] = [head(leaves.slice(0, m)), head(leaves), proofOf(m, leaves)]
    const wrong = [
      [...proof, proof[0]!],
      proof.slice(1),
      proof.slice(0, -1),
      [],
      ...(proof.length > 1 ? [proof.toReversed()] : []),
      ...proof.map((hash, at) => proof.with(at, hash.with(31, (hash[31] ?? 0) ^ 1))),
    ]
    for (const attempt of wrong) expect(await isConsistent(from, to, attempt)).toBe(false)
  }
})

test('a smaller log, or the same size with another root, is never consistent', async () => {
  const [three, four] = [head(leavesOf(3)), head(leavesOf(4))]
  expect(await isConsistent(four, three, proofOf(3, leavesOf(4)))).toBe(false)
  expect(await isConsistent(three, head(leavesOf(3, 'other')), [])).toBe(false)
  expect(await isConsistent(three, three, [three.root])).toBe(false)
})

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes)
test('no made-up proof turns one log into another', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.nat(40),
      fc.array(hash, { maxLength: 7 }),
      async (m, n, proof) => {
        const first = head(leavesOf(m + 1))
        const second = head(leavesOf(n + 1, 'other'))
        expect(await isConsistent(first, second, proof)).toBe(false)
      },
    ),
  ))

test('sizes beyond 32 bits are compared like any others', async () => {
  const big = 2 ** 40
  // A complete tree of 2^40 leaves, grown by as many: one node.
  const [left, right] = [bytes(naiveRoot(leavesOf(1))), bytes(naiveRoot(leavesOf(2)))]
  const root = new Uint8Array(
    await crypto.subtle.digest('SHA-256', Uint8Array.of(1, ...left, ...right)),
  )
  expect(await isConsistent({ size: big, root: left }, { size: big * 2, root }, [right])).toBe(true)
  expect(await isConsistent({ size: big, root: left }, { size: big * 2, root }, [left])).toBe(false)
})
