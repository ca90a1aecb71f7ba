/**
 * The HELLO: a member's signed introduction, with its token, its device key and its ephemeral key.
 *
 * body  = u8 1 || u8 version || u16 suite || vec(token) || ik_pub[65] || nonce[32] || u32 ek_epoch || ek_pub[65]
 *         || vec(kem_pub) || u64 created_ms || prev_hello_hash[32] || psk_id[8]
 * HELLO = body || ECDSA(IK, "E2EE1 hello\0" || body)
 */
import { E2eeError } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { signWith, thumbprint, verifyFrom, type Identity } from '../trust/identity.ts'
import { checkKemPub, KEM_PUB_BYTES } from '../keys/kem.ts'
import { importEphemeral } from '../keys/pair.ts'
import { verifyToken, type Claims, type TokenRules } from '../trust/token.ts'
import { Reader, join, sameBytes, sha256, text, toHex, u16, u32, u64, u8, vec } from '../wire.ts'
import type { Bytes } from '../wire.ts'

export const MSG_HELLO = 1
const MAX_HELLO_BYTES = 8192
const VERSION = 1
const SIGNATURE_BYTES = 64
const HELLO_LABEL = text('E2EE1 hello\0')
const MEMBER_LABEL = text('E2EE1 member\0')

const KEM_PUB_LENGTH = new Map([
  [1, 0],
  [2, KEM_PUB_BYTES],
])

export interface HelloFields {
  readonly suite: number
  readonly token: string
  readonly ikPub: Bytes
  /** 32 bytes, constant for the session. */
  readonly nonce: Bytes
  /** From 1, one more with every new ephemeral key. */
  readonly epoch: number
  readonly ekPub: Bytes
  /** Empty in suite 1, 1184 bytes in suite 2. */
  readonly kemPub: Bytes
  /** TMMS time. */
  readonly createdMs: number
  /** Zero bytes in the first epoch. */
  readonly prevHash: Bytes
  readonly pskId: Bytes
}

export interface Hello extends HelloFields {
  readonly body: Bytes
  readonly signature: Bytes
}

/** A HELLO that passed every check that needs no knowledge of the other members. */
export interface VerifiedHello extends Hello {
  readonly memberId: MemberId
  /** SHA-256 of the body. */
  readonly hash: Bytes
  readonly claims: Claims
  readonly ek: CryptoKey
}

export interface HelloRules {
  readonly suite: number
  readonly token: TokenRules
  readonly pskId: Bytes
  /** True when this ephemeral key was in an earlier HELLO of anybody. */
  readonly ekSeen: (ekPub: Bytes) => boolean
}

/** @throws E2eeError E_LEN, E_SHORT, E_TRAILING, E_VERSION or E_SUITE. */
export function decodeHello(bytes: Uint8Array): Hello {
  if (bytes.byteLength > MAX_HELLO_BYTES) throw new E2eeError('E_LEN')
  const reader = new Reader(bytes)
  if (reader.u8() !== MSG_HELLO || reader.u8() !== VERSION) throw new E2eeError('E_VERSION')
  const suite = reader.u16()
  const kemPubBytes = KEM_PUB_LENGTH.get(suite)
  if (kemPubBytes === undefined) throw new E2eeError('E_SUITE')
  const fields = {
    suite,
    token: asciiOf(reader.vec()),
    ikPub: reader.bytes(65),
    nonce: reader.bytes(32),
    epoch: reader.u32(),
    ekPub: reader.bytes(65),
    kemPub: reader.vec(),
    createdMs: reader.u64(),
    prevHash: reader.bytes(32),
    pskId: reader.bytes(8),
  }
  if (fields.kemPub.byteLength !== kemPubBytes) throw new E2eeError('E_LEN')
  const body = bytes.slice(0, reader.at)
  const signature = reader.bytes(SIGNATURE_BYTES)
  reader.end()
  return { ...fields, body, signature }
}

/** @throws E2eeError with the code of the first check that fails, in the order of the protocol. */
export async function verifyHello(hello: Hello, rules: HelloRules): Promise<VerifiedHello> {
  if (hello.suite !== rules.suite) throw new E2eeError('E_SUITE')
  const claims = await verifyToken(hello.token, rules.token)
  // E_JKT also answers a token shown with somebody else's device key (H2, H13).
  if (claims.jkt !== (await thumbprint(hello.ikPub))) throw new E2eeError('E_JKT')
  const signed = join(HELLO_LABEL, hello.body)
  if (!(await verifyFrom(hello.ikPub, hello.signature, signed))) throw new E2eeError('E_HELLO_SIG')
  const ek = await importEphemeral(hello.ekPub)
  if (hello.suite === 2) checkKemPub(hello.kemPub)
  if (rules.ekSeen(hello.ekPub)) throw new E2eeError('E_EK_REUSE')
  if (hello.createdMs < claims.iat * 1000 || hello.createdMs > claims.exp * 1000) {
    throw new E2eeError('E_TOKEN_TIME')
  }
  if (!sameBytes(hello.pskId, rules.pskId)) throw new E2eeError('E_PSK')
  const first = hello.epoch === 1
  if (hello.epoch === 0 || first !== hello.prevHash.every((byte) => byte === 0)) {
    throw new E2eeError('E_EPOCH')
  }
  const memberId = await memberIdOf(claims.msid, hello.ikPub, hello.nonce)
  return { ...hello, memberId, hash: await sha256(hello.body), claims, ek }
}

/** The whole message, ready to send, and the hash others will know it by. */
export async function signHello(
  fields: HelloFields,
  identity: Identity,
): Promise<{ readonly bytes: Bytes; readonly hash: Bytes }> {
  const body = encodeBody(fields)
  const signature = await signWith(identity, join(HELLO_LABEL, body))
  return { bytes: join(body, signature), hash: await sha256(body) }
}

/** SHA-256("E2EE1 member\0" || vec(msid) || ik_pub || nonce)[0..16] as hex. */
export async function memberIdOf(msid: string, ikPub: Bytes, nonce: Bytes): Promise<MemberId> {
  const digest = await sha256(MEMBER_LABEL, vec(text(msid)), ikPub, nonce)
  return toHex(digest.subarray(0, 16)) as MemberId
}

export function encodeBody(fields: HelloFields): Bytes {
  return join(
    u8(MSG_HELLO),
    u8(VERSION),
    u16(fields.suite),
    vec(text(fields.token)),
    fields.ikPub,
    fields.nonce,
    u32(fields.epoch),
    fields.ekPub,
    vec(fields.kemPub),
    u64(fields.createdMs),
    fields.prevHash,
    fields.pskId,
  )
}

/** A token is ASCII; anything else would not survive being hashed as text. */
function asciiOf(bytes: Bytes): string {
  if (bytes.some((byte) => byte > 0x7e || byte < 0x21)) throw new E2eeError('E_TOKEN_FORMAT')
  return new TextDecoder().decode(bytes)
}
