/** The proof that sells the product: what passes through the TCS, packet by packet, holds no picture and no sound. */
import type { Page } from '@playwright/test'
import { LAYERED } from './camera.ts'
import { adaAndGrace } from './people.ts'
import { expect, test } from './setup.ts'
import { failPath, keyFramesEncoded, rememberConnections, sending } from './connections.ts'
import { diagnostics, hears, join, leave, sees } from './meeting.ts'
import { isSframe, vp8Starts } from './rtp.ts'
import { HuisclosServer } from './server.ts'
import { TapFile, keyFramesOf, type Packet } from './tap.ts'

test('P2 P3 P5 the TCS forwards not one frame that it could decode, whatever its sender changes', async ({
  browsers,
  thisBrowser,
  otherBrowser,
}) => {
  const tap = await TapFile.make()
  const server = await HuisclosServer.start({
    script: 'web/e2e/tapped-server.ts',
    env: { HC_E2E_TAP: tap.path },
  })
  const both = [browsers[thisBrowser], browsers[otherBrowser]] as const
  const { link, ada, grace, close } = await adaAndGrace(server, both, { camera: LAYERED })
  await rememberConnections(ada)
  await ada.goto(link)
  await ada.getByRole('button', { name: 'Turn camera off' }).click()
  await join(ada, null)
  // Whose voice comes first is this browser's; the other one joins later.
  await expect.poll(async () => (await tap.packets()).length).toBeGreaterThan(0)
  const self = (await tap.packets())[0]!.peer
  const own = (packets: readonly Packet[]) => packets.filter(({ peer }) => peer === self)
  await join(grace, link)
  await sees(ada, 'Grace Hopper')

  /** What the change lets through is sealed, from before it began until much has passed after it. */
  const stays = async (change: () => Promise<void>) => {
    const before = (await tap.packets()).length
    await change()
    const after = (await tap.packets()).length
    const passed = async (source: string) => ofSource((await tap.packets()).slice(after), source)
    await expect.poll(async () => own(await passed('vide')).length).toBeGreaterThan(200)
    // Chromium's false microphone is silent most of the time, and silence is hardly sent.
    await expect.poll(async () => own(await passed('audi')).length).toBeGreaterThan(20)
    await expect.poll(async () => (await passed('audi')).length).toBeGreaterThan(100)
    judge((await tap.packets()).slice(before))
  }
  await test.step('a renegotiation: the camera is a second producer', () =>
    stays(async () => {
      const { sections } = await sending(ada)
      await ada.getByRole('button', { name: 'Turn camera on' }).click()
      await sees(grace, 'Ada Lovelace')
      expect((await sending(ada)).sections).toBeGreaterThan(sections)
    }))
  // The far ends decode, so what the TCS saw is real media.
  for (const page of [ada, grace])
    await expect.poll(async () => (await diagnostics(page)).framesDecoded).toBeGreaterThan(100)
  await test.step('the camera off and on', () =>
    stays(async () => {
      await ada.getByRole('button', { name: 'Turn camera off' }).click()
      await ada.getByRole('button', { name: 'Turn camera on' }).click()
      await sees(grace, 'Ada Lovelace')
    }))
  await test.step('other tracks: a device is chosen', () => stays(() => chooseDevices(ada)))
  await test.step('an ICE restart', () =>
    stays(async () => {
      const { ufrag } = await sending(ada)
      await failPath(ada)
      expect((await sending(ada)).ufrag).not.toBe(ufrag)
      await sees(grace, 'Ada Lovelace')
    }))
  await hears(grace)

  // Firefox does not say how many key frames it encodes; once it does, it is measured too.
  const counted = (await keyFramesEncoded(ada)).some(Number.isInteger)
  expect(counted || thisBrowser === 'firefox').toBe(true)
  await test.step('key frames that the TCS sees are those of the encoder', async () => {
    if (!counted) return
    const video = async () => ofSource(own(await tap.packets()), 'vide')
    const before = await keyFrames(ada, video)
    await leave(grace)
    await grace.getByRole('button', { name: 'Rejoin' }).click()
    await sees(grace, 'Ada Lovelace')
    const after = await keyFrames(ada, video)
    const grown = (counts: 'encoded' | 'seen') =>
      after.encoded.map((_, layer) => (after[counts][layer] ?? 0) - (before[counts][layer] ?? 0))
    expect(Math.max(...grown('encoded'))).toBeGreaterThan(0)
    expect(grown('seen')).toEqual(grown('encoded'))
  })
  await close()
  await server.end()

  const packets = await tap.packets()
  await tap.remove()
  judge(packets)
  expect(vp8Starts(ofSource(packets, 'vide').map(({ payload }) => payload))).toContainEqual(
    expect.objectContaining({ key: true }),
  )
})

function ofSource(packets: readonly Packet[], source: string): Packet[] {
  return packets.filter((packet) => packet.source === source)
}

function judge(packets: readonly Packet[]): void {
  const audio = ofSource(packets, 'audi')
  const video = ofSource(packets, 'vide')
  expect(audio.length).toBeGreaterThan(100)
  expect(video.length).toBeGreaterThan(100)

  // Every audio packet is one SFrame ciphertext: X and Y set or small, then a header that names key and counter,
  // and 16 bytes of tag. An Opus packet of a sender would repeat its TOC byte; an SFrame stream's counter rises.
  expect(audio.filter(({ payload }) => !isSframe(payload))).toEqual([])
  const frames = vp8Starts(video.map(({ payload }) => payload))
  expect(frames.length).toBeGreaterThan(50)
  // After the made-up prefix comes SFrame, never the partitions of a VP8 frame.
  expect(frames.filter(({ rest }) => !isSframe(rest))).toEqual([])
  const sealed = Buffer.concat(frames.map(({ rest }) => rest.subarray(5)))
  expect(entropy(sealed)).toBeGreaterThan(7.9)
  // Sealed bytes look like noise; the same bytes of clear Opus or VP8 do not (headers and silence repeat).
  expect(entropy(Buffer.concat(audio.map(({ payload }) => payload.subarray(5))))).toBeGreaterThan(
    7.9,
  )
  expect(repeatedPayloads(audio)).toBe(0)
}

/** The microphone and the camera are opened anew, as when a person chooses others: each sends another track. */
async function chooseDevices(page: Page): Promise<void> {
  const { tracks } = await sending(page)
  await page.getByRole('button', { name: 'Devices', exact: true }).click()
  // Test browsers may have one of a kind only; chosen again, it is opened again.
  for (const name of ['Camera', 'Microphone'])
    await page.getByRole('combobox', { name }).dispatchEvent('change')
  await expect
    .poll(async () => {
      const now = (await sending(page)).tracks
      return now.filter((track) => track !== '' && !tracks.includes(track)).length
    })
    .toBe(2)
}

/** Both counts at a moment when nothing is between them: all that was encoded has come, and no key frame since. */
async function keyFrames(page: Page, video: () => Promise<Packet[]>) {
  for (;;) {
    const encoded = await keyFramesEncoded(page)
    const far = (await video()).length + 100
    await expect.poll(async () => (await video()).length).toBeGreaterThan(far)
    const seen = keyFramesOf(await video())
    if (String(await keyFramesEncoded(page)) === String(encoded)) return { encoded, seen }
  }
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
