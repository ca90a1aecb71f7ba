/** A second model of the Merkle tree, written from RFC 6962 section 2.1 alone and as slow as it reads; and its notes. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

export type Leaves = readonly Uint8Array[]

const sha = (...parts: Leaves): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()

function split(n: number): number {
  const powers = Array.from({ length: 40 }, (_, at) => 2 ** at)
  return powers.findLast((power) => power < n) ?? 1
}

/** MTH(D). */
export function naiveRoot(leaves: Leaves): Buffer {
  if (leaves.length === 0) return sha()
  if (leaves.length === 1) return sha(Uint8Array.of(0), leaves[0] ?? Uint8Array.of())
  const k = split(leaves.length)
  return sha(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

/** PROOF(m, D). */
export function naiveConsistency(m: number, leaves: Leaves, whole = true): readonly Buffer[] {
  if (m === 0) return []
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...naiveConsistency(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))]
    : [...naiveConsistency(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))]
}

export function leavesOf(count: number, word = 'leaf'): Leaves {
  return Array.from({ length: count }, (_, n) => Buffer.from(`${word} ${n}`))
}

export interface LogKey {
  readonly privateKey: KeyObject
  readonly raw: Uint8Array<ArrayBuffer>
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
}

export function logKey(): LogKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const raw = new Uint8Array(Buffer.from(x, 'base64url'))
  return { privateKey, raw, jwk: { kty: 'OKP', crv: 'Ed25519', x } }
}

/** A signed checkpoint over these leaves. */
export function noteOf(name: string, leaves: Leaves, key: LogKey): string {
  const body = `${name}\n${leaves.length}\n${naiveRoot(leaves).toString('base64')}\n`
  const id = sha(Buffer.from(`${name}\n`), Uint8Array.of(1), key.raw).subarray(0, 4)
  const signature = Buffer.concat([id, sign(null, Buffer.from(body), key.privateKey)])
  return `${body}\n\u2014 ${name} ${signature.toString('base64')}\n`
}
