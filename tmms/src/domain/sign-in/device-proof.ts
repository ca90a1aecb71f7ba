/** Proof that the caller holds a device key, for one request and once (RFC 9449 section 4.3). */
import {
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose'
import { TmmsError } from '../../errors.ts'
import type { Rows } from '../../store/store.ts'
import { USED_PROOFS } from '../limits/names.ts'
import { hashToken } from '../secret.ts'
import { NONCE_WINDOW_MS, ProofNonces } from './proof-nonce.ts'

const MAX_CHARACTERS = 4096
const MAX_JTI_CHARACTERS = 128
/** How far the time of a proof without a nonce may be off, both ways. */
const WINDOW_S = 60
/** As long as any proof can be fresh: one dated a minute ahead, or one with a nonce just given out. */
const FRESH_MS = 2 * Math.max(WINDOW_S * 1000, NONCE_WINDOW_MS)
/** A clock that is set back makes older ones fresh again. */
const REMEMBERED_MS = FRESH_MS + 60 * 60_000
/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4: members that only private and secret keys have. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

export interface ProvenRequest {
  readonly method: string
  /** Whole URL, without query and fragment. */
  readonly url: string
}

export interface Proven {
  /** RFC 7638, of the proven key. */
  readonly thumbprint: string
  /** Of the proof, among all of all keys. */
  readonly id: string
}

export class DeviceProofs {
  readonly #now: () => number
  readonly #nonces: ProofNonces

  constructor(now: () => number) {
    this.#now = now
    this.#nonces = new ProofNonces(now)
  }

  /** For the `DPoP-Nonce` header: what the next proof should hold. */
  nonce(): string {
    return this.#nonces.current()
  }

  /**
   * Whether the proof is sound and fresh. It is good once: `use` it in the transaction of what it is for.
   * @throws {TmmsError} `use-dpop-nonce` when only its time or its nonce is wrong, else `bad-proof`.
   */
  async verify(proof: string | undefined, request: ProvenRequest): Promise<Proven> {
    if (proof === undefined || proof.length > MAX_CHARACTERS) throw refused()
    const nowMs = this.#now()
    const { jwk, claims } = await read(proof).catch((cause: unknown) => {
      throw refused(cause)
    })
    const { htm, htu, jti } = claims
    // RFC 9449 section 4.3, items 8 to 11.
    const fits =
      htm === request.method && typeof htu === 'string' && withoutQuery(htu) === request.url
    const named = typeof jti === 'string' && jti !== '' && jti.length <= MAX_JTI_CHARACTERS
    if (!fits || !named || typeof claims['iat'] !== 'number') throw refused()
    if (!this.#isFresh(claims, nowMs)) {
      throw new TmmsError('use-dpop-nonce', 'The proof must hold the nonce of this answer.')
    }
    const thumbprint = await calculateJwkThumbprint(jwk, 'sha256')
    return { thumbprint, id: `${thumbprint} ${jti}` }
  }

  /** @throws {TmmsError} `bad-proof` when it was used before, by whichever process. */
  async use({ limits }: Rows, { id }: Proven): Promise<void> {
    const place = { name: USED_PROOFS, key: hashToken(id) }
    if (!(await limits.useOnce(place, this.#now() + REMEMBERED_MS))) throw refused()
  }

  // With our nonce the caller's clock does not matter: it may be wrong by hours (RFC 9449 section 11.1).
  #isFresh({ nonce, iat }: Record<string, unknown>, nowMs: number): boolean {
    if (nonce !== undefined) return typeof nonce === 'string' && this.#nonces.isFresh(nonce)
    return Math.abs(nowMs / 1000 - Number(iat)) <= WINDOW_S
  }
}

async function read(proof: string): Promise<{ jwk: JWK; claims: Record<string, unknown> }> {
  // Further members of header and claims are let be: RFC 9449 section 4.2 allows them.
  const { typ, jwk: shown } = decodeProtectedHeader(proof) as Record<string, unknown>
  if (typ !== 'dpop+jwt') throw refused()
  const jwk = publicKey(shown)
  const key = (await importJWK(jwk, 'ES256')) as CryptoKey
  const { payload } = await compactVerify(proof, key, { algorithms: ['ES256'] })
  const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  if (typeof claims !== 'object' || claims === null) throw refused()
  return { jwk, claims: claims as Record<string, unknown> }
}

// A private key that somebody sends by mistake must not be accepted (RFC 9449 section 4.3, item 7).
function publicKey(value: unknown): JWK {
  if (typeof value !== 'object' || value === null) throw refused()
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(value, name))) throw refused()
  const { kty, crv, x, y, alg = 'ES256', use = 'sig' } = value as Record<string, unknown>
  const p256 = kty === 'EC' && crv === 'P-256' && isCoordinate(x) && isCoordinate(y)
  if (!p256 || alg !== 'ES256' || use !== 'sig') throw refused()
  return { kty, crv, x, y }
}

// One spelling per point, or one key would have two thumbprints.
function isCoordinate(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const bytes = Buffer.from(value, 'base64url')
  return bytes.length === 32 && bytes.toString('base64url') === value
}

function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return ''
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

function refused(cause?: unknown): TmmsError {
  return new TmmsError('bad-proof', 'The DPoP proof is missing, malformed, stale or used.', {
    cause,
  })
}
