/** IP addresses as bytes, and their XOR form in STUN (RFC 8489 section 14.2). */
import { isIPv4, isIPv6 } from 'node:net'

export interface Endpoint {
  /** Dotted IPv4 or RFC 5952-like IPv6, never an IPv4-mapped one. */
  readonly address: string
  readonly port: number
}

const COOKIE_BYTES = Buffer.from([0x21, 0x12, 0xa4, 0x42])
const IPV4 = 1
const IPV6 = 2

/** XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS or XOR-RELAYED-ADDRESS; `transaction` is the 12-byte id. */
export function encodeXorAddress(endpoint: Endpoint, transaction: Buffer): Buffer {
  const ip = addressBytes(endpoint.address)
  const value = Buffer.alloc(4 + ip.length)
  value[1] = ip.length === 4 ? IPV4 : IPV6
  value.writeUInt16BE(endpoint.port ^ 0x2112, 2)
  xor(ip, transaction).copy(value, 4)
  return value
}

/** Null when the attribute is not a well-formed address. */
export function decodeXorAddress(value: Buffer, transaction: Buffer): Endpoint | null {
  const family = value[1]
  if (value.length !== 8 && value.length !== 20) return null
  if (family !== (value.length === 8 ? IPV4 : IPV6)) return null
  return {
    address: addressText(xor(value.subarray(4), transaction)),
    port: value.readUInt16BE(2) ^ 0x2112,
  }
}

/** `::ffff:192.0.2.7`, as a dual-stack socket reports an IPv4 client, becomes `192.0.2.7`. */
export function unmapped(address: string): string {
  const tail = address.slice(address.lastIndexOf(':') + 1)
  return address.toLowerCase().startsWith('::ffff:') && isIPv4(tail) ? tail : address
}

/** What connection caps count by: one IPv4 address, or an IPv6 /64, as one customer gets. */
export function neighbourhood(address: string): string {
  const plain = unmapped(address)
  return isIPv6(plain) ? addressBytes(plain).toString('hex', 0, 8) : plain
}

/** 4 or 16 bytes; zeros for anything that is not an address. */
export function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return isIPv4(address) ? quad(address) : Buffer.alloc(4)
  const plain = address.replace(/%.*$/, '').replace(/[\d.]+$/, (tail) => {
    return isIPv4(tail) ? (quad(tail).toString('hex').match(/.{4}/g) ?? []).join(':') : tail
  })
  const [head = '', tail] = plain.split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const before = groups(head)
  const after = groups(tail ?? '')
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const all = [...before, ...zeros, ...after]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

function quad(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

function addressText(ip: Buffer): string {
  if (ip.length === 4) return ip.join('.')
  return (ip.toString('hex').match(/.{4}/g) ?? []).join(':')
}

function xor(ip: Buffer, transaction: Buffer): Buffer {
  const mask = Buffer.concat([COOKIE_BYTES, transaction])
  return ip.map((byte, i) => byte ^ (mask[i] ?? 0)) as Buffer
}
