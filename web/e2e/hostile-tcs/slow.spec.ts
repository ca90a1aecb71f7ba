/** Lies that only the members' own signed word brings to light, within a minute: all of them at once, to save time. */
import type { Browser, Page } from '@playwright/test'
import { sees } from '../meeting.ts'
import { alarmed, attack, expect, type Hostile, Meeting, ONCE, test } from './stage.ts'
import { wording } from './wording.ts'

const ADA = 'Ada Lovelace'
const GRACE = 'Grace Hopper'
const HEDY = 'Hedy Lamarr'

/** Either is right: what the others committed to differs, or their answers do not come. */
const ABORTED = new RegExp(
  [wording('code_aborted_silent'), wording('code_aborted_cheated')].join('|'),
)

/** Members say every 20 s whom they see, and lists that differ for 10 s are reported; what is missing likewise. */
const PATIENCE = { timeout: 100_000 }

test.afterAll(async ({ hostile }) => {
  await hostile.truth()
})

test('H4 H8 H9 people and media held back', ONCE, async ({ hostile, browser }) => {
  await Promise.all([
    hiddenPerson(hostile, browser),
    hiddenLeave(hostile, browser),
    resurrected(hostile, browser),
    cutOff(hostile, browser),
    hiddenInCode(hostile, browser),
    heldBack(hostile, browser),
  ])
})

/** Who is hidden from one takes part for the other: no code comes of it. */
async function hiddenInCode(hostile: Hostile, browser: Browser): Promise<void> {
  const { meeting, ada } = await three(hostile, browser)
  await meeting.lie('hide-person', { victim: ADA, about: HEDY })
  const hedy = await meeting.guest(HEDY)
  await expect.poll(() => hedy.knows.length).toBe(1)
  await ada.getByRole('button', { name: wording('call_security') }).click()
  const card = ada.getByRole('region', { name: wording('code_title') })
  await attack(
    'meeting code with a hidden member',
    () => ada.getByRole('button', { name: wording('code_start') }).click(),
    () => card.getByText(ABORTED).waitFor(),
  )
  await expect(card.getByText(/\d{3} \d{3} \d{3} \d{3}/)).toHaveCount(0)
  await ada.context().close()
}

/**
 * For Ada nothing of Grace comes through any longer, for Hedy her voice comes much later: Grace's signed word says how
 * much is missing.
 */
async function heldBack(hostile: Hostile, browser: Browser): Promise<void> {
  const meeting = await Meeting.open(hostile, 3)
  const grace = await meeting.enter(browser, GRACE)
  const ada = await meeting.enterSilently(browser, ADA)
  const hedy = await meeting.enterSilently(browser, HEDY)
  for (const page of [ada, hedy]) await sees(page, GRACE)
  const seenBy = (page: Page) => (): Promise<void> =>
    tile(page, GRACE)
      .getByText(wording('tile_delayed', { name: GRACE }))
      .waitFor(PATIENCE)
  await Promise.all([
    attack(
      'media of a member frozen',
      () => meeting.lie('freeze', { victim: ADA, about: GRACE }),
      seenBy(ada),
    ),
    // Long, because a voice that is silent most of the time sends few frames (DTX), and few may be missing at any time.
    attack(
      'voice of a member delayed',
      () => meeting.lie('delay', { victim: HEDY, about: GRACE, ms: 40_000 }),
      seenBy(hedy),
    ),
  ])
  for (const page of [grace, ada, hedy]) await page.context().close()
}

async function hiddenPerson(hostile: Hostile, browser: Browser): Promise<void> {
  const { meeting, ada, grace } = await three(hostile, browser)
  await meeting.lie('hide-person', { victim: ADA, about: HEDY })
  await attack(
    'a member hidden from another',
    () => meeting.guest(HEDY),
    () => alarmed(ada, 'E_ROSTER', PATIENCE),
  )
  await expect(ada.getByRole('alert').filter({ hasText: GRACE })).toBeVisible()
  // Whoever sees both is told as well.
  await expect.poll(() => grace.warnings, PATIENCE).toContain('E_ROSTER')
  await ada.context().close()
}

async function hiddenLeave(hostile: Hostile, browser: Browser): Promise<void> {
  const { meeting, ada } = await three(hostile, browser)
  const hedy = await meeting.guest(HEDY)
  await tile(ada, HEDY).waitFor()
  await meeting.lie('hide-leave', { victim: ADA, about: HEDY })
  await attack(
    'a leave hidden from a member',
    () => hedy.leave(),
    () => alarmed(ada, 'E_ROSTER', PATIENCE),
  )
  await ada.context().close()
}

async function resurrected(hostile: Hostile, browser: Browser): Promise<void> {
  const meeting = await Meeting.open(hostile, 3)
  await meeting.guest(GRACE)
  const hedy = await meeting.guest(HEDY)
  await hedy.leave()
  const ada = await meeting.enterSilently(browser, ADA)
  await attack(
    'HELLOs of one who left, replayed to a newcomer',
    async () => {
      await meeting.lie('resurrect', { victim: ADA, about: HEDY })
      await tile(ada, HEDY).waitFor()
    },
    () => alarmed(ada, 'E_ROSTER', PATIENCE),
  )
  await ada.context().close()
}

async function cutOff(hostile: Hostile, browser: Browser): Promise<void> {
  const meeting = await Meeting.open(hostile, 3)
  const ada = await meeting.enterSilently(browser, ADA)
  await ada.getByRole('button', { name: wording('call_people') }).click()
  for (const [victim, about] of [
    [ADA, GRACE],
    [GRACE, ADA],
  ] as const)
    await meeting.lie('drop', { victim, about, kind: 2 })
  await attack(
    'key messages of one pair dropped',
    () => meeting.guest(GRACE),
    () => ada.getByText(wording('call_verified_no_key')).first().waitFor(),
  )
  await ada.context().close()
}

async function three(hostile: Hostile, browser: Browser) {
  const meeting = await Meeting.open(hostile, 3)
  const grace = await meeting.guest(GRACE)
  const ada = await meeting.enterSilently(browser, ADA)
  await tile(ada, GRACE).waitFor()
  return { meeting, ada, grace }
}

function tile(page: Page, name: string) {
  return page.getByLabel(wording('call_tile', { name }))
}
