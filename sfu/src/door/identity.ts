/** What makes this TCS the one that the TMMS certifies: its key, and what it signs with it (checklist M6). */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { TcsError } from '../errors.ts'
import type { PeerId, TcsIdentity, TransportInfo } from '../protocol.ts'

const FILE = 'tcs-identity.pem'

/** What one caller asked to be proved: its challenge, under the token that it called with. */
export interface ProofAsked {
  readonly clientChallenge: Uint8Array
  /** SHA-256. */
  readonly tokenHash: Uint8Array
}

export class Identity {
  /** RFC 7638 thumbprint. */
  readonly kid: string
  /** The public half, for the TMMS to certify. */
  readonly jwk: JWK
  readonly #key: KeyObject

  private constructor(key: KeyObject, jwk: JWK, kid: string) {
    this.#key = key
    this.jwk = { ...jwk, kid, alg: 'ES256', use: 'sig' }
    this.kid = kid
  }

  /** @throws {TcsError} `internal` when the key is not on P-256. */
  static async of(key: KeyObject): Promise<Identity> {
    const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' })
    if (crv !== 'P-256') throw new TcsError('internal', 'the TCS identity key is not on P-256')
    const jwk = { kty, crv, x, y } as JWK
    return new Identity(key, jwk, await calculateJwkThumbprint(jwk, 'sha256'))
  }

  /** Says to this caller alone: I am the TCS of this origin, and you are this member. */
  proveTo(asked: ProofAsked, peerId: PeerId, origin: string): TcsIdentity {
    const { clientChallenge, tokenHash } = asked
    const body = [clientChallenge, tokenHash, Buffer.from(peerId, 'hex'), vec(origin)]
    return { kid: this.kid, signature: this.#sign('E2EE1 tcs identity\0', body) }
  }

  /** Vouches for the DTLS certificate behind one transport: no man in the middle has its private key. */
  signTransport(
    asked: ProofAsked,
    direction: 'send' | 'recv',
    transport: Pick<TransportInfo, 'transportId' | 'dtlsParameters'>,
  ): Uint8Array {
    const { fingerprints } = transport.dtlsParameters as { fingerprints: readonly Fingerprint[] }
    const body = [
      asked.clientChallenge,
      asked.tokenHash,
      Buffer.from([direction === 'send' ? 0 : 1]),
      vec(transport.transportId),
      Buffer.from([fingerprints.length]),
      ...fingerprints.flatMap(({ algorithm, value }) => [vec(algorithm), vec(value)]),
    ]
    return this.#sign('E2EE1 tcs transport\0', body)
  }

  #sign(label: string, body: readonly Uint8Array[]): Uint8Array {
    const signed = Buffer.concat([Buffer.from(label), ...body])
    return sign('sha256', signed, { key: this.#key, dsaEncoding: 'ieee-p1363' })
  }
}

interface Fingerprint {
  readonly algorithm: string
  readonly value: string
}

/**
 * The key in this folder (mode 0700, file 0600).
 * @param inUse whether there are accounts: then a key that is missing is not made anew
 * @throws {TcsError} `internal` in a sentence that names the file and what to do (O2 of docs/abuse-cases.md).
 */
export async function openIdentity(folder: string, inUse: boolean): Promise<Identity> {
  const path = join(folder, FILE)
  if (!existsSync(path)) {
    if (inUse) throw useless(path, 'is missing')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    write(path, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
  }
  return Identity.of(readKey(path))
}

function readKey(path: string): KeyObject {
  try {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
    const key = createPrivateKey(readFileSync(path))
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  } catch (cause) {
    throw useless(path, 'holds no private key that can be read', cause)
  }
  throw useless(path, 'holds a key that is not on the curve P-256')
}

function useless(path: string, why: string, cause?: unknown): TcsError {
  const anew = `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${path}`
  const remedy = `restore it from a backup of the data folder, or make a new one with "${anew}"`
  return new TcsError('internal', `${path} ${why}: ${remedy}.`, { cause })
}

/** E2EE1: u16 length, then the bytes. */
function vec(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

// Written aside and renamed: half a key after a power cut would be worse than none.
function write(path: string, text: string): void {
  const aside = `${path}.new`
  const file = openSync(aside, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(aside, path)
}
