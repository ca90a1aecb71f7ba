/**
 * Changes of the TMMS root key: each next root is signed by the one before it, so a pin can follow and never jump.
 *
 * The links are compact JWS, `typ: root-change+jwt`, with the former root's public half as `jwk` in the header and
 * `{ iss, iat, root: JWK }` as payload.
 */
import { compactVerify } from 'jose'
import { E2eeError } from '../errors.ts'
import { importKey, isP256, thumbprintOf, type PublicJwk } from './jwk.ts'
import { decodeJws, hasHeader } from './jws.ts'

const ROOT_CHANGE_TYPE = 'root-change+jwt'
const MAX_LINKS = 16
const MAX_LINK_CHARS = 2048

export interface Root {
  readonly jwk: PublicJwk
  readonly thumbprint: string
}

export async function rootOf(jwk: PublicJwk): Promise<Root> {
  return { jwk, thumbprint: await thumbprintOf(jwk) }
}

/**
 * Thumbprints of every root that leads to this one, itself included: a pin on any of them holds.
 * @throws E2eeError E_PIN when a link is broken, out of place or of another origin; E_TOKEN_FORMAT when it is no chain.
 */
export async function rootsLeadingTo(
  current: Root,
  chain: unknown,
  issuer: string,
): Promise<ReadonlySet<string>> {
  const links = chain ?? []
  if (!Array.isArray(links) || links.length > MAX_LINKS) throw new E2eeError('E_TOKEN_FORMAT')
  const roots = new Set<string>()
  let expected: string | null = null
  for (const link of links as readonly unknown[]) {
    const { former, next } = await openLink(link, issuer)
    // Oldest first, each signed by the root that the link before it named, and no root twice.
    const follows = expected === null || expected === former.thumbprint
    if (!follows || roots.has(former.thumbprint)) throw new E2eeError('E_PIN')
    roots.add(former.thumbprint)
    expected = next.thumbprint
  }
  const arrived = expected === null || expected === current.thumbprint
  if (!arrived || roots.has(current.thumbprint)) throw new E2eeError('E_PIN')
  return roots.add(current.thumbprint)
}

async function openLink(link: unknown, issuer: string): Promise<{ former: Root; next: Root }> {
  if (typeof link !== 'string') throw new E2eeError('E_TOKEN_FORMAT')
  const jws = decodeJws(link, MAX_LINK_CHARS)
  const { jwk } = jws.header
  const { iss, root } = jws.payload
  if (!hasHeader(jws, ROOT_CHANGE_TYPE, 'jwk') || !isP256(jwk) || !isP256(root)) {
    throw new E2eeError('E_PIN')
  }
  if (iss !== issuer) throw new E2eeError('E_PIN')
  await requireSignature(link, jwk)
  return { former: await rootOf(jwk), next: await rootOf(root) }
}

/** @throws E2eeError E_PIN unless this root signed it. */
export async function requireSignature(jws: string, root: PublicJwk): Promise<void> {
  const key = await importKey(root)
  await compactVerify(jws, key, { algorithms: ['ES256'] }).catch((cause: unknown) => {
    throw new E2eeError('E_PIN', { cause })
  })
}
