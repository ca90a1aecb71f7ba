/** A TMMS for tests: a root key, a token key, signed key sets and meeting tokens. */
import {
  CompactSign,
  SignJWT,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
} from 'jose'
import type { Identity } from '../src/trust/identity.ts'
import { fakeTcs, type FakeTcs } from './tcs.ts'

export const ORIGIN = 'https://tmms.example'
export const MID = 'm_1'
export const MSID = 's_1'
/** Seconds; the moment every test begins. */
export const START_S = 1_767_225_600

export interface FakeTmms {
  readonly keySet: string
  readonly pin: string
  readonly tokenKey: CryptoKey
  readonly tokenJwk: JWK
  readonly rootKey: CryptoKey
  readonly rootJwk: JWK
  /** The one that its key set certifies. */
  readonly tcs: FakeTcs
  /** A meeting token for a device; `claims` override, `undefined` removes. */
  token(
    identity: Pick<Identity, 'jkt'>,
    claims?: Readonly<Record<string, unknown>>,
  ): Promise<string>
}

export async function fakeTmms(): Promise<FakeTmms> {
  const root = await generateKeyPair('ES256')
  const signer = await generateKeyPair('ES256')
  const rootJwk = await exportJWK(root.publicKey)
  const tokenJwk = { ...(await exportJWK(signer.publicKey)), kid: 't1', alg: 'ES256', use: 'sig' }
  const tokenKey = signer.privateKey
  const tcs = await fakeTcs()
  return {
    tcs,
    tokenKey,
    tokenJwk,
    rootJwk,
    rootKey: root.privateKey,
    pin: await calculateJwkThumbprint(rootJwk),
    keySet: await signKeySet(root.privateKey, rootJwk, {
      keys: [tokenJwk],
      tcs: [tcs.jwk],
      chain: [],
    }),
    token: (identity, claims) => signToken(tokenKey, { ...claimsFor(identity), ...claims }),
  }
}

export function claimsFor({ jkt }: Pick<Identity, 'jkt'>): Record<string, unknown> {
  return {
    iss: ORIGIN,
    aud: ['tcs', 'e2ee'],
    sub: `u_${jkt.slice(0, 8)}`,
    name: `User ${jkt.slice(0, 4)}`,
    mid: MID,
    msid: MSID,
    role: 'participant',
    prm: ['audio', 'video', 'share'],
    jti: crypto.randomUUID(),
    iat: START_S,
    nbf: START_S,
    exp: START_S + 900,
    cnf: { jkt },
    e2ee: { suites: [2], psk: false, vouch: false },
    pol: { messages: true, participants: 1000 },
  }
}

export function signToken(
  key: CryptoKey | Uint8Array,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'meeting+jwt', kid: 't1', ...header })
    .sign(key)
}

export function signKeySet(
  rootKey: CryptoKey,
  rootJwk: JWK,
  payload: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const content = JSON.stringify({ iss: ORIGIN, iat: START_S, ...payload })
  return new CompactSign(new TextEncoder().encode(content))
    .setProtectedHeader({ alg: 'ES256', typ: 'jwks+jwt', jwk: rootJwk, ...header })
    .sign(rootKey)
}

/** The former root names the next one. */
export function signRootChange(
  former: { readonly rootKey: CryptoKey; readonly rootJwk: JWK },
  next: JWK,
  change: { readonly payload?: object; readonly header?: object } = {},
): Promise<string> {
  const content = JSON.stringify({ iss: ORIGIN, iat: START_S, root: next, ...change.payload })
  return new CompactSign(new TextEncoder().encode(content))
    .setProtectedHeader({
      ...{ alg: 'ES256', typ: 'root-change+jwt', jwk: former.rootJwk },
      ...change.header,
    })
    .sign(former.rootKey)
}
