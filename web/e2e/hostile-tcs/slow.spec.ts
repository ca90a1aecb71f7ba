/** Lies that only the members' own signed word brings to light, after half a minute: all of them at once. */
import type { Browser, Page } from '@playwright/test'
import { attack, alarmed, expect, Meeting, test, type Hostile } from './stage.ts'

const ADA = 'Ada Lovelace'
const GRACE = 'Grace Hopper'
const HEDY = 'Hedy Lamarr'

/** Members say every 20 s whom they see, and lists that differ for 10 s are reported. */
const LISTS_DIFFER_MS = 50_000

test.afterAll(async ({ hostile }) => {
  await hostile.truth()
})

test('H4 H8 H9 people hidden, kept and cut off from each other', async ({ hostile, browser }) => {
  test.setTimeout(150_000)
  await Promise.all([
    hiddenPerson(hostile, browser),
    hiddenLeave(hostile, browser),
    resurrected(hostile, browser),
    cutOff(hostile, browser),
  ])
})

async function hiddenPerson(hostile: Hostile, browser: Browser): Promise<void> {
  const { meeting, ada, grace } = await three(hostile, browser)
  await meeting.lie('hide-person', { victim: ADA, about: HEDY })
  await attack(
    'a member hidden from another',
    () => meeting.guest(HEDY),
    () => alarmed(ada, 'E_ROSTER', LISTS_DIFFER_MS),
  )
  await expect(ada.getByRole('alert').filter({ hasText: GRACE })).toBeVisible()
  // Whoever sees both is told as well.
  await expect.poll(() => grace.warnings, { timeout: LISTS_DIFFER_MS }).toContain('E_ROSTER')
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
    () => alarmed(ada, 'E_ROSTER', LISTS_DIFFER_MS),
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
    () => alarmed(ada, 'E_ROSTER', LISTS_DIFFER_MS),
  )
  // Whoever shows no key of their own within a minute is taken off the list again.
  await expect(tile(ada, HEDY)).toHaveCount(0, { timeout: 70_000 })
  await ada.context().close()
}

async function cutOff(hostile: Hostile, browser: Browser): Promise<void> {
  const meeting = await Meeting.open(hostile, 3)
  const ada = await meeting.enterSilently(browser, ADA)
  await ada.getByRole('button', { name: 'People' }).click()
  for (const [victim, about] of [
    [ADA, GRACE],
    [GRACE, ADA],
  ] as const)
    await meeting.lie('drop', { victim, about, kind: 2 })
  await attack(
    'key messages of one pair dropped',
    () => meeting.guest(GRACE),
    () => ada.getByText('your key is on its way').first().waitFor(),
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
  return page.getByLabel(`Video of ${name}`)
}
