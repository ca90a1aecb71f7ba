/** The proof that sells the product: what passes through the TCS, packet by packet, holds no picture and no sound. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { expect, meetingOf, pageOf, test } from './setup.ts'
import { diagnostics, join, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

interface Packet {
  readonly source: string
  readonly payload: Buffer
}

test('P2 the TCS forwards not one frame that it could decode', async ({
  browsers,
  thisBrowser,
  otherBrowser,
}) => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'huisclos-tap-'))
  const tapFile = joinPath(folder, 'rtp')
  const server = await HuisclosServer.start({
    script: 'web/e2e/tapped-server.ts',
    env: { HC_E2E_TAP: tapFile },
  })
  const { link, people } = await meetingOf(server, 2)
  const a = await pageOf(browsers[thisBrowser], people[0]!)
  const b = await pageOf(browsers[otherBrowser], people[1]!)
  await join(a.page, link)
  await join(b.page, link)
  await sees(a.page, 'Grace Hopper')
  await sees(b.page, 'Ada Lovelace')
  // The far ends decode, so what the TCS saw is real media.
  for (const { page } of [a, b])
    await expect.poll(async () => (await diagnostics(page)).framesDecoded).toBeGreaterThan(100)
  await a.context.close()
  await b.context.close()
  await server.end()

  const packets = parse(await readFile(tapFile))
  await rm(folder, { recursive: true })
  const audio = packets.filter(({ source }) => source === 'audi')
  const video = packets.filter(({ source }) => source === 'vide')
  expect(audio.length).toBeGreaterThan(100)
  expect(video.length).toBeGreaterThan(100)

  // Every audio packet is one SFrame ciphertext: X and Y set or small, then a header that names key and counter,
  // and 16 bytes of tag. An Opus packet of a sender would repeat its TOC byte; an SFrame stream's counter rises.
  for (const { payload } of audio) expect(isSframe(payload)).toBe(true)
  const frames = vp8Starts(video)
  expect(frames.length).toBeGreaterThan(50)
  expect(frames.some(({ key }) => key)).toBe(true)
  // After the made-up prefix comes SFrame, never the partitions of a VP8 frame.
  for (const { rest } of frames) expect(isSframe(rest)).toBe(true)
  const sealed = Buffer.concat(frames.map(({ rest }) => rest.subarray(5)))
  expect(entropy(sealed)).toBeGreaterThan(7.9)
  // Sealed bytes look like noise; the same bytes of clear Opus or VP8 do not (headers and silence repeat).
  expect(entropy(Buffer.concat(audio.map(({ payload }) => payload.subarray(5))))).toBeGreaterThan(
    7.9,
  )
  expect(repeatedPayloads(audio)).toBe(0)
})

function parse(file: Buffer): Packet[] {
  const packets: Packet[] = []
  let at = 0
  while (at + 8 <= file.length) {
    const length = file.readUInt32BE(at)
    const source = file.toString('latin1', at + 4, at + 8)
    const rtp = file.subarray(at + 8, at + 8 + length)
    at += 8 + length
    const payload = payloadOf(rtp)
    if (payload !== null && payload.length > 0) packets.push({ source, payload })
  }
  return packets
}

/** RFC 3550 section 5.1. */
function payloadOf(rtp: Buffer): Buffer | null {
  if (rtp.length < 12) return null
  const first = rtp[0] ?? 0
  let at = 12 + 4 * (first & 0x0f)
  if ((first & 0x10) !== 0) at += 4 + 4 * rtp.readUInt16BE(at + 2)
  const padding = (first & 0x20) !== 0 ? (rtp.at(-1) ?? 0) : 0
  return at + padding <= rtp.length ? rtp.subarray(at, rtp.length - padding) : null
}

/** RFC 9605 section 4.3: minimal integers, KID of a first generation, a body of at least one tag. */
function isSframe(bytes: Buffer): boolean {
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
function vp8Starts(packets: readonly Packet[]): { key: boolean; rest: Buffer }[] {
  return packets.flatMap(({ payload }) => {
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

/** Shannon entropy, bits per byte. */
function entropy(bytes: Buffer): number {
  const counts = new Array<number>(256).fill(0)
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1
  return counts
    .filter((count) => count > 0)
    .map((count) => count / bytes.length)
    .reduce((sum, share) => sum - share * Math.log2(share), 0)
}

function repeatedPayloads(packets: readonly Packet[]): number {
  const seen = new Set(packets.map(({ payload }) => payload.toString('latin1')))
  return packets.length - seen.size
}
