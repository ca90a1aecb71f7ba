/** The framing of RFC 4571, as the worker writes it: a 16-bit length before each packet. */

/**
 * Calls `take` for the payload of each whole RFC 4571 frame; null frames are skipped.
 * @returns where the first incomplete frame starts
 */
export function readFrames(bytes: Buffer, take: (payload: Buffer) => void): number {
  let start = 0
  while (bytes.length - start >= 2) {
    const next = start + 2 + bytes.readUInt16BE(start)
    if (next > bytes.length) break
    if (next > start + 2) take(bytes.subarray(start + 2, next))
    start = next
  }
  return start
}
