/** Addresses in their XOR form (RFC 8489 section 14.2). */
import { addressBytes } from '../ip.ts'

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

function addressText(ip: Buffer): string {
  if (ip.length === 4) return ip.join('.')
  return (ip.toString('hex').match(/.{4}/g) ?? []).join(':')
}

function xor(ip: Buffer, transaction: Buffer): Buffer {
  const mask = Buffer.concat([COOKIE_BYTES, transaction])
  return ip.map((byte, i) => byte ^ (mask[i] ?? 0)) as Buffer
}
