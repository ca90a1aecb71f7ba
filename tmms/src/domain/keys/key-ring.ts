/** The keys that sign meeting tokens, and the root key that certifies them. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactSign, SignJWT, calculateJwkThumbprint, type JWK, type JWTPayload } from 'jose'
import { TOKEN_TTL_S } from '../../contract/limits.ts'
import { KEY_SET_TYPE, TOKEN_TYPE, type KeySet } from '../../contract/tokens.ts'
import { publicJwk, publicOkpJwk } from './public-jwk.ts'
import { chainTo, type RootChange } from './root-change.ts'

const DAY_MS = 24 * 3_600_000
const KEY_LIFE_MS = 90 * DAY_MS
/** A successor is published this long before it signs, so that whoever is in a meeting has it by then. */
const PUBLISHED_AHEAD_MS = 7 * DAY_MS
const KEPT_AFTER_MS = TOKEN_TTL_S * 1000 + DAY_MS
const KEY_SET_FRESH_MS = 60_000

/** A token key on its way through life. */
export interface TokenKey {
  readonly kid: string
  readonly privateKey: KeyObject
  /** From when it signs, milliseconds. */
  readonly activeFrom: number
}

export interface KeyStorage {
  readonly root: KeyObject
  /** Ed25519: signs the checkpoints of the audit log. */
  readonly audit: KeyObject
  /** How this root came to be: every change, oldest first. */
  readonly rootChanges: readonly RootChange[]
  /** For changes of the root, which are signed for an origin. */
  rememberIssuer(issuer: string): void
  tokenKeys(): readonly TokenKey[]
  keep(key: TokenKey): void
  drop(key: TokenKey): void
}

/** Identity key of a TCS, and the origin it may speak for. */
export interface CertifiedTcs {
  readonly origin: string
  /** P-256, with `kid`. */
  readonly jwk: JWK
}

interface Certified {
  readonly root: string
  readonly token: string[]
  readonly audit: string
  /** `<origin> <kid>` each. */
  readonly tcs: string[]
}

interface RingOptions {
  readonly issuer: string
  readonly now: () => number
  readonly tcs: readonly CertifiedTcs[]
}

export class KeyRing {
  readonly rootThumbprint: string
  readonly #storage: KeyStorage
  readonly #options: RingOptions
  #keys: readonly TokenKey[]
  #signedSet: { readonly text: string; readonly atMs: number; readonly kids: string } | null = null

  private constructor(storage: KeyStorage, options: RingOptions, rootThumbprint: string) {
    this.#storage = storage
    this.#options = options
    this.rootThumbprint = rootThumbprint
    this.#keys = storage.tokenKeys()
  }

  static async open(storage: KeyStorage, options: RingOptions): Promise<KeyRing> {
    const rootThumbprint = await calculateJwkThumbprint(publicJwk(storage.root), 'sha256')
    storage.rememberIssuer(options.issuer)
    const ring = new KeyRing(storage, options, rootThumbprint)
    await ring.prepare()
    return ring
  }

  /** Makes what the next weeks need. Called often; does something once in 90 days. */
  async prepare(): Promise<void> {
    const nowMs = this.#options.now()
    const newest = this.#keys.at(-1)
    if (newest === undefined || nowMs >= newest.activeFrom + KEY_LIFE_MS) {
      this.#add(await makeKey(nowMs))
    } else if (nowMs >= newest.activeFrom + KEY_LIFE_MS - PUBLISHED_AHEAD_MS) {
      this.#add(await makeKey(newest.activeFrom + KEY_LIFE_MS))
    }
    this.#dropOld(nowMs)
  }

  /** Public halves of every key by which a token may be signed now. */
  publicKeys(): { keys: JWK[] } {
    return {
      keys: this.#keys.map(({ kid, privateKey }) => ({
        ...publicJwk(privateKey),
        kid,
        alg: 'ES256',
        use: 'sig',
      })),
    }
  }

  /** RFC 7638 thumbprints of all that the root certifies, and of the root. */
  async certified(): Promise<Certified> {
    await this.prepare()
    return {
      root: this.rootThumbprint,
      token: this.#keys.map(({ kid }) => kid),
      audit: await calculateJwkThumbprint(publicOkpJwk(this.#storage.audit), 'sha256'),
      tcs: this.#options.tcs.map(({ origin, jwk }) => `${origin} ${jwk.kid ?? ''}`).toSorted(),
    }
  }

  async signToken(claims: JWTPayload): Promise<string> {
    await this.prepare()
    const { kid, privateKey } = this.#signer()
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: TOKEN_TYPE, kid })
      .sign(privateKey)
  }

  /** Compact JWS of a `KeySet` by the root key, whose public half is in the header. */
  async signedKeySet(): Promise<string> {
    await this.prepare()
    const nowMs = this.#options.now()
    const kids = this.#keys.map(({ kid }) => kid).join()
    const known = this.#signedSet
    if (known?.kids === kids && Math.abs(nowMs - known.atMs) < KEY_SET_FRESH_MS) return known.text
    const { root, audit, rootChanges } = this.#storage
    const { issuer } = this.#options
    const payload: KeySet = {
      iss: issuer,
      iat: Math.floor(nowMs / 1000),
      ...this.publicKeys(),
      tcs: this.#options.tcs.map(({ origin, jwk }) => ({ ...jwk, origin })),
      audit: [publicOkpJwk(audit)],
      chain: await chainTo(this.rootThumbprint, rootChanges, issuer),
    }
    const text = await new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'ES256', typ: KEY_SET_TYPE, jwk: publicJwk(root) })
      .sign(root)
    this.#signedSet = { text, atMs: nowMs, kids }
    return text
  }

  #signer(): TokenKey {
    const nowMs = this.#options.now()
    const active = this.#keys.filter((key) => key.activeFrom <= nowMs)
    const key = active.at(-1) ?? this.#keys[0]
    // `prepare` has just seen to it that there is one.
    return key as TokenKey
  }

  #add(key: TokenKey): void {
    // Two callers may prepare at once; the first one's key is enough.
    const newest = this.#keys.at(-1)
    if (newest !== undefined && key.activeFrom < newest.activeFrom + KEY_LIFE_MS) return
    this.#storage.keep(key)
    this.#keys = [...this.#keys, key]
  }

  #dropOld(nowMs: number): void {
    const kept = this.#keys.filter((_, index) => {
      const successor = this.#keys[index + 1]
      return successor === undefined || nowMs < successor.activeFrom + KEPT_AFTER_MS
    })
    for (const key of this.#keys) if (!kept.includes(key)) this.#storage.drop(key)
    this.#keys = kept
  }
}

async function makeKey(activeFrom: number): Promise<TokenKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = await calculateJwkThumbprint(publicJwk(privateKey), 'sha256')
  return { kid, privateKey, activeFrom }
}
