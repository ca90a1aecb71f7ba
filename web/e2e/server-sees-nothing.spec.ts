/** The proof that sells the product: what passes through the TCS, packet by packet, holds no picture and no sound. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { expect, meetingOf, pageOf, test } from './setup.ts'
import { diagnostics, join, sees } from './meeting.ts'
import { isSframe, payloadOf, vp8Starts } from './rtp.ts'
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
  const frames = vp8Starts(video.map(({ payload }) => payload))
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
