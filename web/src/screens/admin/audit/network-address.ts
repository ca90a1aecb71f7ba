/** Network addresses as people know them. */

/** An IPv4 address that a socket for both families names as an IPv6 one (RFC 4291, section 2.5.5.2) is written alone. */
export function wordAddress(from: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(from)?.[1] ?? from
}
