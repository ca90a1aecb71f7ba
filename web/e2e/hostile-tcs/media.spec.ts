/** A TCS that swaps, relabels and makes up media. Nothing false is decoded; whose media fail is shown on their tile. */
import type { Page } from '@playwright/test'
import { sees } from '../meeting.ts'
import { isSframe, payloadOf, vp8Starts } from '../rtp.ts'
import { openedBy } from '../decoding.ts'
import { attack, expect, Meeting, test } from './stage.ts'
import { wording } from './wording.ts'

const ADA = 'Ada Lovelace'
const GRACE = 'Grace Hopper'
const HEDY = 'Hedy Lamarr'

let meeting: Meeting
let ada: Page
let others: Page[]

test.beforeAll(async ({ hostile, browser }) => {
  meeting = await Meeting.open(hostile, 3)
  ada = await meeting.enterSilently(browser, ADA)
  others = [await meeting.enter(browser, GRACE), await meeting.enter(browser, HEDY)]
  await sees(ada, GRACE)
  await sees(ada, HEDY)
})

/** Nothing but the truth again, and media flow as before. */
test.afterEach(async ({ hostile }) => {
  await hostile.truth()
  for (const about of [GRACE, HEDY]) {
    await meeting.lie('announce-anew', { victim: ADA, about })
    await sees(ada, about)
  }
})

test.afterAll(async () => {
  for (const page of [ada, ...others]) await page.context().close()
})

function tile(name: string) {
  return ada.getByLabel(wording('call_tile', { name }))
}

/** The tile of this person says that something of theirs cannot be decrypted. */
function alarmingTile(name: string): Promise<void> {
  return tile(name).getByRole('alert').waitFor()
}

/** Of every stream that is refused, not one frame was opened or decoded. */
async function nothingFalseOpened(streams: number): Promise<void> {
  const refused = (await openedBy(ada)).filter(({ refused }) => Object.keys(refused).length > 0)
  expect(refused.length).toBeGreaterThanOrEqual(streams)
  for (const stream of refused) expect(stream).toMatchObject({ passed: 0, framesDecoded: 0 })
}

test('F8 the pictures of two members are swapped', async () => {
  await attack(
    'pictures of two members swapped',
    () => meeting.lie('swap-media', { victim: ADA, about: GRACE, other: HEDY, source: 'video' }),
    () => Promise.all([alarmingTile(GRACE), alarmingTile(HEDY)]),
  )
  for (const name of [GRACE, HEDY]) await expect(tile(name).locator('video')).toHaveCount(0)
  await nothingFalseOpened(2)
})

test('F8 the voices of two members are swapped', async () => {
  await attack(
    'voices of two members swapped',
    () => meeting.lie('swap-media', { victim: ADA, about: GRACE, other: HEDY, source: 'audio' }),
    () => Promise.all([alarmingTile(GRACE), alarmingTile(HEDY)]),
  )
  await nothingFalseOpened(2)
})

test('F9 a camera is relabelled as a shared screen', async () => {
  await attack(
    'camera relabelled as a shared screen',
    () =>
      meeting.lie('relabel-media', { victim: ADA, about: GRACE, source: 'video', as: 'screen' }),
    () => expect(tile(GRACE).locator('video')).toHaveCount(0),
  )
  await expect(ada.locator('video')).toHaveCount(1)
  for (const stream of await openedBy(ada))
    expect(Object.keys(stream.refused).length === 0 || stream.framesDecoded === 0).toBe(true)
})

test('P7 clear pictures and clear silence are injected', async () => {
  await Promise.all([
    attack(
      'clear pictures injected',
      () => meeting.lie('inject-picture', { victim: ADA, about: GRACE }),
      () => alarmingTile(GRACE),
    ),
    attack(
      'clear silence injected',
      () => meeting.lie('inject-silence', { victim: ADA, about: HEDY }),
      () => alarmingTile(HEDY),
    ),
  ])
  await expect(tile(GRACE).locator('video')).toHaveCount(0)
  await nothingFalseOpened(2)
})

test('P4 P5 flags ask the client not to encrypt', async ({ hostile, browser }) => {
  const heard = async (source: 'audio' | 'video'): Promise<Buffer[]> => {
    const packets = await hostile.listen({ mid: meeting.mid, who: GRACE, source, packets: 60 })
    return packets.map((packet) => payloadOf(packet)!)
  }
  await meeting.lie('strip-flags', {})
  await others[0]!.context().close()
  await expect(tile(GRACE)).toHaveCount(0)
  await attack(
    'flags that ask the client not to encrypt',
    async () => (others[0] = await meeting.enter(browser, GRACE)),
    async () => {
      await sees(ada, GRACE)
      const sound = await heard('audio')
      expect(sound.filter((payload) => !isSframe(payload))).toEqual([])
      const frames = vp8Starts(await heard('video'))
      expect(frames.length).toBeGreaterThan(0)
      expect(frames.filter(({ rest }) => !isSframe(rest))).toEqual([])
    },
  )
})
