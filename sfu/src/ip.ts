/** IP addresses: as bytes, and the network they stand for. */
import { isIPv4, isIPv6 } from 'node:net'

/** `::ffff:192.0.2.7`, as a dual-stack socket reports an IPv4 client, becomes `192.0.2.7`. */
export function unmapped(address: string): string {
  const tail = address.slice(address.lastIndexOf(':') + 1)
  return address.toLowerCase().startsWith('::ffff:') && isIPv4(tail) ? tail : address
}

/** What limits count by: one IPv4 address, or an IPv6 /64, as one customer gets. */
export function networkOf(address: string): string {
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
