/** A TCS with a member in its pocket, and one that holds signatures back: who speaks is no longer sure, and is said so. */
import type { Page } from '@playwright/test'
import { sees } from '../meeting.ts'
import { authenticityIn, heardBy, overhear } from '../overheard.ts'
import { payloadOf } from '../rtp.ts'
import { counterOf, forgeVoice } from './insider.ts'
import { attack, expect, Meeting, test, type Hostile } from './stage.ts'
import { wording } from './wording.ts'

const ADA = 'Ada Lovelace'
const GRACE = 'Grace Hopper'
const HEDY = 'Hedy Lamarr'

/** VOUCH among the signed broadcasts. */
const VOUCH = 10

let meeting: Meeting
let ada: Page
let grace: Page

test.beforeAll(async ({ hostile, browser }) => {
  meeting = await Meeting.open(hostile, 3)
  ada = await meeting.enterSilently(browser, ADA, overhear)
  grace = await meeting.enter(browser, GRACE)
  await sees(ada, GRACE)
})

test.afterEach(async ({ hostile }) => {
  await hostile.truth()
})

test.afterAll(async () => {
  for (const page of [ada, grace]) await page.context().close()
})

/** What the tile of Grace says. */
function says(key: string): Promise<void> {
  return sentence(key).waitFor()
}

/** It is taken back once every frame was vouched for during five seconds. */
async function takenBack(hostile: Hostile, key: string): Promise<void> {
  await hostile.truth()
  const before = (await heardBy(ada)).length
  await meeting.lie('announce-anew', { victim: ADA, about: GRACE })
  // A tile that is new says nothing yet, so its silence is no proof.
  await expect.poll(() => vouchedSince(before)).toBe(2)
  await sentence(key).waitFor({ state: 'detached' })
  await sees(ada, GRACE)
}

/** How many streams were judged since, and found vouched for in the end. */
async function vouchedSince(before: number): Promise<number> {
  const heard = authenticityIn((await heardBy(ada)).slice(before))
  const last = new Map(heard.map(({ consumerId, state }) => [consumerId, state]))
  return [...last.values()].slice(-2).filter((state) => state === 'vouched').length
}

function sentence(key: string) {
  const tile = ada.getByLabel(wording('call_tile', { name: GRACE }))
  return tile.getByText(wording(key, { name: GRACE }))
}

test('signatures over frames are held back', async ({ hostile }) => {
  await attack(
    'signatures over frames held back',
    () => meeting.lie('drop', { victim: ADA, about: GRACE, broadcast: VOUCH }),
    () => says('tile_unvouched'),
  )
  await takenBack(hostile, 'tile_unvouched')
})

test('frames are forged with the help of a member', async ({ hostile }) => {
  const hedy = await meeting.guest(HEDY)
  const { mid } = meeting
  const victim = await hedy.idOf(GRACE)
  /** Her newest counter, once she sends under the key that the insider was given on joining. */
  const counter = async (): Promise<number> => {
    for (;;) {
      const [packet] = await hostile.listen({ mid, who: GRACE, source: 'audio', packets: 1 })
      const found = counterOf(payloadOf(packet!)!, hedy, victim)
      if (found !== null) return found
    }
  }
  const forged = async (lie: 'inject-frames' | 'replace-frames', firstCtr: number, ahead = 0) => {
    const frames = await forgeVoice(hedy, victim, { firstCtr, count: 1000, ahead })
    await meeting.lie(lie, { victim: ADA, about: GRACE, frames })
  }
  const next = await counter()
  await attack(
    'frames forged in place of real ones, with a member’s help',
    () => forged('replace-frames', next),
    () => says('tile_forged'),
  )
  await takenBack(hostile, 'tile_forged')
  await attack(
    'frames at a step that is not reached yet, with a member’s help',
    () => forged('inject-frames', 0, 50),
    () => says('tile_forged'),
  )
  // Had they taken her key on to that step, her own voice could not be heard again for an hour.
  await takenBack(hostile, 'tile_forged')
  await attack(
    'frames made up, with a member’s help',
    () => forged('inject-frames', next + 1_000_000),
    () => says('tile_forged'),
  )
})
