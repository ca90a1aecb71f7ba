/** A TURN client over TLS that also does what no browser would: the other half of the tunnel's tests and benches. */
import { randomBytes } from 'node:crypto'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { decodeXorAddress, encodeXorAddress, type Endpoint } from '../src/tunnel/address.ts'
import {
  Attribute,
  Method,
  attributeOf,
  decodeStun,
  encodeStun,
  hasIntegrity,
  longTermKey,
  padded,
  type StunAttribute,
  type StunMessage,
} from '../src/tunnel/stun.ts'
import { Mailbox } from './mailbox.ts'

export interface Credentials {
  readonly username: string
  readonly credential: string
}

/** One packet from a peer: by channel, or by a Data indication. */
export interface Packet {
  readonly channel: number | null
  readonly peer: Endpoint | null
  readonly payload: Buffer
}

export const UDP = Buffer.from([17, 0, 0, 0])

export class TurnClient {
  readonly socket: TLSSocket
  readonly packets = new Mailbox<Packet>()
  readonly replies = new Mailbox<StunMessage>()
  readonly closed: Promise<void>
  /** Called instead of `packets` when set. */
  onPacket: ((packet: Packet) => void) | undefined
  username = ''
  realm = ''
  nonce = ''
  key: Buffer = Buffer.alloc(16)
  #rest: Buffer = Buffer.alloc(0)

  private constructor(socket: TLSSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  static connect(port: number, options: ConnectionOptions = {}): Promise<TurnClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
      socket.once('error', reject)
      socket.once('secureConnect', () => {
        socket.off('error', reject)
        resolve(new TurnClient(socket))
      })
    })
  }

  /** Learns realm and nonce from a 401, then allocates. */
  async allocate(credentials: Credentials): Promise<StunMessage> {
    const first = await this.ask(Method.allocate, [[Attribute.requestedTransport, UDP]], false)
    this.learn(first)
    this.use(credentials)
    return this.ask(Method.allocate, [[Attribute.requestedTransport, UDP]])
  }

  learn(challenge: StunMessage): void {
    this.realm = attributeOf(challenge, Attribute.realm)?.toString() ?? ''
    this.nonce = attributeOf(challenge, Attribute.nonce)?.toString() ?? ''
  }

  use(credentials: Credentials): void {
    this.username = credentials.username
    this.key = longTermKey(credentials.username, this.realm, credentials.credential)
  }

  ask(method: number, attributes: readonly StunAttribute[], signed = true): Promise<StunMessage> {
    this.socket.write(this.request(method, attributes, signed))
    return this.replies.next()
  }

  request(method: number, attributes: readonly StunAttribute[], signed = true): Buffer {
    const transaction = randomBytes(12)
    const own: StunAttribute[] = [
      [Attribute.username, Buffer.from(this.username)],
      [Attribute.realm, Buffer.from(this.realm)],
      [Attribute.nonce, Buffer.from(this.nonce)],
    ]
    const relevant = attributes.map(([type, value]): StunAttribute => [
      type,
      unmask(type, value, transaction),
    ])
    return encodeStun({
      method,
      class: 'request',
      transaction,
      attributes: signed ? [...relevant, ...own] : relevant,
      key: signed ? this.key : undefined,
    })
  }

  permit(...peers: readonly Endpoint[]): Promise<StunMessage> {
    return this.ask(Method.createPermission, peers.map(peerAttribute))
  }

  bind(channel: number, peer: Endpoint): Promise<StunMessage> {
    return this.ask(Method.channelBind, [channelAttribute(channel), peerAttribute(peer)])
  }

  send(channel: number, payload: Buffer): void {
    this.socket.write(channelData(channel, payload))
  }

  indicate(peer: Endpoint, payload: Buffer): void {
    this.socket.write(sendIndication(peer, payload))
  }

  close(): Promise<void> {
    this.socket.destroy()
    return this.closed
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (;;) {
      const bytes = this.#rest
      if (bytes.length < 4) return
      const channel = bytes.readUInt16BE(0)
      const length = bytes.readUInt16BE(2)
      const total = channel >= 0x4000 ? padded(4 + length) : 20 + length
      if (bytes.length < total) return
      this.#rest = bytes.subarray(total)
      if (channel >= 0x4000) {
        this.#deliver({ channel, peer: null, payload: Buffer.from(bytes.subarray(4, 4 + length)) })
      } else {
        this.#readStun(Buffer.from(bytes.subarray(0, total)))
      }
    }
  }

  #readStun(bytes: Buffer): void {
    const message = decodeStun(bytes)
    if (message === null) {
      this.socket.destroy(new Error('The relay sent something that is no STUN message.'))
    } else if (message.method === Method.data) {
      const address = attributeOf(message, Attribute.xorPeerAddress) ?? Buffer.alloc(0)
      const peer = decodeXorAddress(address, message.transaction)
      this.#deliver({
        channel: null,
        peer,
        payload: attributeOf(message, Attribute.data) ?? address,
      })
    } else {
      this.replies.put(message)
    }
  }

  #deliver(packet: Packet): void {
    if (this.onPacket) this.onPacket(packet)
    else this.packets.put(packet)
  }
}

/** 0 for a success. */
export function errorOf(reply: StunMessage): number {
  const value = attributeOf(reply, Attribute.errorCode)
  return value === undefined ? 0 : value.readUInt8(2) * 100 + value.readUInt8(3)
}

export function isSignedBy(client: TurnClient, reply: StunMessage): boolean {
  return hasIntegrity(reply, client.key)
}

export function channelData(channel: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(padded(4 + payload.length))
  bytes.writeUInt16BE(channel, 0)
  bytes.writeUInt16BE(payload.length, 2)
  payload.copy(bytes, 4)
  return bytes
}

export function sendIndication(peer: Endpoint, payload: Buffer): Buffer {
  const transaction = randomBytes(12)
  return encodeStun({
    method: Method.send,
    class: 'indication',
    transaction,
    attributes: [
      [Attribute.xorPeerAddress, encodeXorAddress(peer, transaction)],
      [Attribute.data, payload],
    ],
  })
}

const ZERO_TRANSACTION = Buffer.alloc(12)

/** The XOR with the transaction id is made when the request is: only IPv6 depends on it. */
export function peerAttribute(peer: Endpoint): StunAttribute {
  return [Attribute.xorPeerAddress, encodeXorAddress(peer, ZERO_TRANSACTION)]
}

export function channelAttribute(channel: number): StunAttribute {
  return [Attribute.channelNumber, Buffer.from([channel >> 8, channel & 0xff, 0, 0])]
}

function unmask(type: number, value: Buffer, transaction: Buffer): Buffer {
  if (type !== Attribute.xorPeerAddress || value.length !== 20) return value
  const peer = decodeXorAddress(value, ZERO_TRANSACTION)
  return peer === null ? value : encodeXorAddress(peer, transaction)
}
