/** Changes of the root key: each next root is signed by the one before it, so that a pinned client can follow. */
import type { KeyObject } from 'node:crypto'
import {
  CompactSign,
  EmbeddedJWK,
  calculateJwkThumbprint,
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  type JWK,
} from 'jose'
import { ROOT_CHANGE_TYPE } from '../../contract/tokens.ts'
import { publicJwk } from './public-jwk.ts'

const MAX_SERVED = 16

export interface RootChange {
  /** RFC 7638, of the root after the change. */
  readonly thumbprint: string
  /** Compact JWS by the root before it. */
  readonly statement: string
}

export async function signRootChange(
  former: KeyObject,
  next: KeyObject,
  options: { readonly issuer: string; readonly nowMs: number },
): Promise<RootChange> {
  const root = publicJwk(next)
  const payload = { iss: options.issuer, iat: Math.floor(options.nowMs / 1000), root }
  const statement = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', typ: ROOT_CHANGE_TYPE, jwk: publicJwk(former) })
    .sign(former)
  return { thumbprint: await calculateJwkThumbprint(root, 'sha256'), statement }
}

/** Whether the root before it signed that the next one has this thumbprint. */
export async function isSound({ thumbprint, statement }: RootChange): Promise<boolean> {
  try {
    const options = { algorithms: ['ES256'] }
    const { payload, protectedHeader } = await compactVerify(statement, EmbeddedJWK, options)
    const { root } = JSON.parse(new TextDecoder().decode(payload)) as { root: JWK }
    const next = await calculateJwkThumbprint(root, 'sha256')
    return protectedHeader.typ === ROOT_CHANGE_TYPE && next === thumbprint
  } catch {
    return false
  }
}

/** Whether these changes lead from one root to another; to itself every root leads. */
export async function leads(
  from: string,
  to: string,
  changes: readonly RootChange[],
): Promise<boolean> {
  let expected = to
  for (const { thumbprint, statement } of changes.toReversed()) {
    if (expected === from) break
    if (thumbprint !== expected) continue
    const { jwk } = decodeProtectedHeader(statement)
    expected = jwk === undefined ? '' : await calculateJwkThumbprint(jwk, 'sha256')
  }
  return expected === from
}

/**
 * The changes that lead to this root without a gap, oldest first. Those of another origin, or of roots that a restored
 * backup left aside, stay out: one of them would make clients refuse the whole key set.
 */
export async function chainTo(
  thumbprint: string,
  changes: readonly RootChange[],
  issuer: string,
): Promise<readonly string[]> {
  const chain: string[] = []
  let expected = thumbprint
  for (const change of changes.toReversed()) {
    if (change.thumbprint !== expected) continue
    if (decodeJwt(change.statement).iss !== issuer || chain.length === MAX_SERVED) break
    chain.unshift(change.statement)
    const { jwk } = decodeProtectedHeader(change.statement)
    expected = jwk === undefined ? '' : await calculateJwkThumbprint(jwk, 'sha256')
  }
  return chain
}
