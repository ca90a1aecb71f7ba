/** Proof that the caller holds a device key, for one request and once (RFC 9449 section 4.3). */
import {
  calculateJwkThumbprint,
  decodeProtectedHeader,
  importJWK,
  jwtVerify,
  type CryptoKey,
  type JWK,
} from 'jose'
import { TmmsError } from '../../errors.ts'

const MAX_CHARACTERS = 4096
const MAX_JTI_CHARACTERS = 128
/** Both ways: the clocks of clients are as they are. */
const WINDOW_S = 60

export interface ProvenRequest {
  readonly method: string
  /** Whole URL, without query and fragment. */
  readonly url: string
}

export class DeviceProofs {
  readonly #now: () => number
  /** Identifiers seen, and until when they must be remembered. In order of time, near enough. */
  readonly #seen = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * RFC 7638 thumbprint of the proven key.
   * @throws {TmmsError} `bad-proof`, whatever is wrong.
   */
  async verify(proof: string | undefined, request: ProvenRequest): Promise<string> {
    if (proof === undefined || proof.length > MAX_CHARACTERS) throw refused()
    const nowMs = this.#now()
    const { jwk, claims } = await read(proof, nowMs).catch((cause: unknown) => {
      throw refused(cause)
    })
    const { htm, htu, iat, jti } = claims
    // RFC 9449 section 4.3, items 8 to 11.
    const fits =
      htm === request.method && typeof htu === 'string' && withoutQuery(htu) === request.url
    const fresh = typeof iat === 'number' && Math.abs(nowMs / 1000 - iat) <= WINDOW_S
    const named = typeof jti === 'string' && jti !== '' && jti.length <= MAX_JTI_CHARACTERS
    if (!fits || !fresh || !named) throw refused()
    const thumbprint = await calculateJwkThumbprint(jwk, 'sha256')
    this.#useOnce(`${thumbprint} ${jti}`, nowMs)
    return thumbprint
  }

  #useOnce(id: string, nowMs: number): void {
    for (const [old, untilMs] of this.#seen) {
      if (untilMs >= nowMs) break
      this.#seen.delete(old)
    }
    if (this.#seen.has(id)) throw refused()
    // A proof dated a minute ahead stays fresh for two minutes.
    this.#seen.set(id, nowMs + 2 * WINDOW_S * 1000)
  }
}

async function read(
  proof: string,
  nowMs: number,
): Promise<{ jwk: JWK; claims: Record<string, unknown> }> {
  const header = decodeProtectedHeader(proof) as Record<string, unknown>
  if (Object.keys(header).sort().join() !== 'alg,jwk,typ') throw refused()
  const jwk = publicKey(header['jwk'])
  const key = (await importJWK(jwk, 'ES256')) as CryptoKey
  const { payload } = await jwtVerify(proof, key, {
    algorithms: ['ES256'],
    typ: 'dpop+jwt',
    currentDate: new Date(nowMs),
    clockTolerance: WINDOW_S,
  })
  return { jwk, claims: payload }
}

// Exactly the public members: a private key that somebody sends by mistake must not be accepted (section 4.3, item 7).
function publicKey(value: unknown): JWK {
  if (typeof value !== 'object' || value === null) throw refused()
  const { kty, crv, x, y, ...more } = value as Record<string, unknown>
  const p256 = kty === 'EC' && crv === 'P-256' && isCoordinate(x) && isCoordinate(y)
  if (!p256 || Object.keys(more).length > 0) throw refused()
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
