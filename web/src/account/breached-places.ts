/** Where a password stands in a Bloom filter. Imports nothing, so that the script that makes the filter can use it. */

/** Passwords that differ in case or spelling of characters alone count as one. */
export function spelling(password: string): string {
  return password.normalize('NFKC').trim().toLowerCase()
}

/**
 * @param password as `spelling` writes it
 * @returns one place below `bits` for each hash; `bits` is below 2^31
 */
export function placesOf(
  password: string,
  { bits, hashes }: { readonly bits: number; readonly hashes: number },
): readonly number[] {
  const bytes = new TextEncoder().encode(password)
  // Two hashes make them all: Kirsch and Mitzenmacher, "Less hashing, same performance" (2006).
  const first = hash(bytes, 0)
  // Odd, so that no place comes twice for sizes that are even.
  const step = hash(bytes, 0x9747b28c) | 1
  return Array.from({ length: hashes }, (_, n) => ((first + n * step) >>> 0) % bits)
}

/** FNV-1a, with the last step of MurmurHash3, which spreads it over all bits. Nothing secret hangs on it. */
function hash(bytes: Uint8Array, seed: number): number {
  let value = 0x811c9dc5 ^ seed
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
