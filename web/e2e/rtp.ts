/** RTP packets as the TCS sees them, and what must be in them: SFrame and nothing else. */

/** What an RTP packet carries (RFC 3550 section 5.1), or null when it is none. */
export function payloadOf(rtp: Buffer): Buffer | null {
  if (rtp.length < 12) return null
  const first = rtp[0] ?? 0
  let at = 12 + 4 * (first & 0x0f)
  if ((first & 0x10) !== 0) at += 4 + 4 * rtp.readUInt16BE(at + 2)
  const padding = (first & 0x20) !== 0 ? (rtp.at(-1) ?? 0) : 0
  return at + padding <= rtp.length ? rtp.subarray(at, rtp.length - padding) : null
}

/** RFC 9605 section 4.3: minimal integers, KID of a first generation, a body of at least one tag. */
export function isSframe(bytes: Buffer): boolean {
  const config = bytes[0] ?? 0
  const kidLength = (config & 0x80) === 0 ? 0 : ((config >> 4) & 7) + 1
  const ctrLength = (config & 0x08) === 0 ? 0 : (config & 7) + 1
  if (bytes.length < 1 + kidLength + ctrLength + 16) return false
  const minimal = (at: number, length: number): boolean => length === 0 || bytes[at] !== 0
  // Generations stay far below 2^8 in this test, so a KID has three bytes at most.
  return (
    kidLength <= 3 && ctrLength <= 3 && minimal(1, kidLength) && minimal(1 + kidLength, ctrLength)
  )
}

/** First packets of frames, without the RTP payload descriptor (RFC 7741 section 4.2) and the made-up prefix. */
export function vp8Starts(payloads: readonly Buffer[]): { key: boolean; rest: Buffer }[] {
  return payloads.flatMap((payload) => {
    const first = payload[0] ?? 0
    const startOfFrame = (first & 0x10) !== 0 && (first & 0x07) === 0
    if (!startOfFrame) return []
    let at = 1
    if ((first & 0x80) !== 0) {
      const extension = payload[1] ?? 0
      at = 2
      if ((extension & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) !== 0 ? 2 : 1
      if ((extension & 0x40) !== 0) at += 1
      if ((extension & 0x30) !== 0) at += 1
    }
    const key = ((payload[at] ?? 1) & 1) === 0
    return [{ key, rest: payload.subarray(at + (key ? 10 : 1)) }]
  })
}
