/**
 * The X.509 extension that ties an authority to given names (RFC 5280 section 4.2.1.10), in DER.
 *
 * Whoever steals the local authority's key can then vouch for this machine, and for no other site.
 */
import { isIPv4 } from 'node:net'
import { Extension } from '@peculiar/x509'
import type { Names } from './issue.ts'

const OID = '2.5.29.30'
const SEQUENCE = 0x30
// Context-specific tags: permittedSubtrees of NameConstraints; dNSName and iPAddress of GeneralName.
const PERMITTED = 0xa0
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

export function nameConstraints({ hosts, addresses }: Names): Extension {
  const bases = [
    ...hosts.map((host) => tlv(DNS_NAME, Buffer.from(host, 'ascii'))),
    ...addresses.map((address) => tlv(IP_ADDRESS, exactly(address))),
  ]
  const subtrees = bases.map((base) => tlv(SEQUENCE, base))
  const value = tlv(SEQUENCE, tlv(PERMITTED, Buffer.concat(subtrees)))
  return new Extension(OID, true, new Uint8Array(value))
}

// An address and a mask of ones: this address only.
function exactly(address: string): Buffer {
  const bytes = isIPv4(address) ? ipv4(address) : ipv6(address)
  return Buffer.concat([bytes, Buffer.alloc(bytes.length, 0xff)])
}

function ipv4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

function ipv6(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const zeros = new Array<number>(8 - groups(head).length - groups(tail).length).fill(0)
  const bytes = Buffer.alloc(16)
  const all = [...groups(head), ...zeros, ...groups(tail)]
  all.forEach((group, index) => bytes.writeUInt16BE(group, index * 2))
  return bytes
}

function tlv(tag: number, value: Buffer): Buffer {
  const length =
    value.length < 0x80
      ? [value.length]
      : value.length < 0x100
        ? [0x81, value.length]
        : [0x82, value.length >> 8, value.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), value])
}
