/** A real TCS in this process, and fake peers with real keys, tokens and sockets. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { calculateJwkThumbprint, exportJWK, SignJWT, type JWK } from 'jose'
import pino from 'pino'
import { createTcs, type Tcs, type TcsOptions } from '../src/app.ts'
import { Identity } from '../src/door/identity.ts'
import { FakePeer } from './fake-peer.ts'

export const ORIGIN = 'https://meet.example.org'
const KID = 'token-key-1'
export const PEER_ADDRESS = '198.51.100.1'
const MEETING = { mid: 'meeting-1', msid: 'session-1' } as const

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Somebody with a device: key, nonce of the session, and whatever the token is to say. */
export interface Person {
  readonly device: KeyPair
  readonly ikPub: Uint8Array
  readonly nonce: Uint8Array
  readonly jkt: string
}

export interface TokenChanges {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
  readonly key?: KeyObject
}

export function newKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

export async function newPerson(): Promise<Person> {
  const device = newKeyPair()
  const jwk = await exportJWK(device.publicKey)
  const ikPub = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(jwk.x!, 'base64url'),
    Buffer.from(jwk.y!, 'base64url'),
  ])
  const jkt = await calculateJwkThumbprint(jwk, 'sha256')
  return { device, ikPub, nonce: randomBytes(32), jkt }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** What the device key signs (architecture: "Join to the TCS"). */
export function signProof(person: Person, challenge: Uint8Array, token: string): Buffer {
  const signed = Buffer.concat([
    Buffer.from('E2EE1 tcs auth\0'),
    challenge,
    createHash('sha256').update(token).digest(),
    Buffer.from(ORIGIN),
  ])
  return sign('sha256', signed, { key: person.device.privateKey, dsaEncoding: 'ieee-p1363' })
}

export type NetworkOptions = Partial<
  Pick<
    TcsOptions,
    | 'limits'
    | 'now'
    | 'onProven'
    | 'onPresence'
    | 'onRtp'
    | 'peerAddress'
    | 'workers'
    | 'relayUrls'
    | 'mintRelay'
    | 'revokeRelay'
    | 'workerBin'
  >
>

export class Network {
  readonly tcs: Tcs
  readonly url: string
  readonly http: Server
  readonly tokenKey: KeyPair
  readonly identityKey: KeyPair
  readonly log: string[]
  readonly #now: () => number
  readonly #peers = new Set<FakePeer>()

  private constructor(
    parts: Pick<Network, 'tcs' | 'http' | 'tokenKey' | 'identityKey' | 'log'>,
    now: () => number,
  ) {
    this.tcs = parts.tcs
    this.http = parts.http
    this.tokenKey = parts.tokenKey
    this.identityKey = parts.identityKey
    this.log = parts.log
    this.url = `http://127.0.0.1:${(parts.http.address() as AddressInfo).port}`
    this.#now = now
  }

  static async open(options: NetworkOptions = {}): Promise<Network> {
    const [tokenKey, identityKey] = [newKeyPair(), newKeyPair()]
    const jwk: JWK = { ...(await exportJWK(tokenKey.publicKey)), kid: KID, alg: 'ES256' }
    const http = createServer((_request, response) => response.writeHead(404).end())
    const log: string[] = []
    const workerBin = process.env['HC_WORKER_BIN']
    const now = options.now ?? Date.now
    const tcs = await createTcs({
      httpServer: http,
      origin: ORIGIN,
      tokenKeys: () => ({ keys: [jwk] }),
      identity: await Identity.of(identityKey.privateKey),
      workers: 1,
      peerAddress: PEER_ADDRESS,
      relayUrls: ['turns:meet.example.org:443?transport=tcp'],
      mintRelay: ({ sub, mid, member }) => ({
        username: `${sub}:${mid}:${member}`,
        credential: 'credential',
        expiresAtMs: now() + 60_000,
      }),
      revokeRelay: () => undefined,
      videoCodec: 'vp8',
      logger: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
      ...(workerBin === undefined ? {} : { workerBin }),
      ...options,
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return new Network({ tcs, http, tokenKey, identityKey, log }, now)
  }

  async token(person: Person, changes: TokenChanges = {}): Promise<string> {
    const iat = Math.floor(this.#now() / 1000)
    const claims = {
      iss: ORIGIN,
      aud: ['tcs', 'e2ee'],
      sub: `account of ${person.jkt}`,
      name: 'Zoé Secretname',
      ...MEETING,
      role: 'participant',
      prm: ['audio', 'video', 'share'],
      pol: { participants: 1000 },
      jti: randomBytes(16).toString('base64url'),
      iat,
      nbf: iat,
      exp: iat + 900,
      cnf: { jkt: person.jkt },
      e2ee: { suites: [2], psk: false, vouch: true },
      ...changes.claims,
    }
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'meeting+jwt', kid: KID, ...changes.header })
      .sign(changes.key ?? this.tokenKey.privateKey)
  }

  /** Opens a socket and waits for the challenge; nothing is proved yet. */
  async call(headers: Record<string, string> = { Origin: ORIGIN }): Promise<FakePeer> {
    const peer = await FakePeer.open(this.url, headers)
    this.#peers.add(peer)
    return peer
  }

  /** An admitted peer, with a token of its own unless one is given. */
  async admit(
    given: { person?: Person; token?: string; claims?: Record<string, unknown> } = {},
  ): Promise<FakePeer> {
    const person = given.person ?? (await newPerson())
    const peer = await this.call()
    const token = given.token ?? (await this.token(person, { claims: given.claims ?? {} }))
    await peer.prove(person, token)
    return peer
  }

  /** An admitted peer that has joined. */
  async join(given: Parameters<Network['admit']>[0] = {}): Promise<FakePeer> {
    const peer = await this.admit(given)
    await peer.join()
    return peer
  }

  /** Processes of the media workers started so far, oldest first. */
  workerPids(): number[] {
    const started = this.log.filter((line) => line.includes('media worker runs'))
    return started.map((line) => (JSON.parse(line) as { pid: number }).pid)
  }

  /** The process of the worker that announced this port. */
  workerOf(announcedPort: number): number {
    const started = this.log.filter((line) => line.includes('media worker runs'))
    const lines = started.map((line) => JSON.parse(line) as { pid: number; port: number })
    const tcpPort = this.tcs.workerPort(PEER_ADDRESS, announcedPort)
    return lines.find(({ port }) => port === tcpPort)!.pid
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) peer.close()
    await this.tcs.close()
    this.http.closeAllConnections()
    this.http.close()
  }
}
