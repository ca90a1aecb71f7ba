/** Servers that are not what they claim, behind a certificate that the browser trusts: nobody gets in, and says why. */
import type { Page } from '@playwright/test'
import type { Attack } from './attacks.ts'
import type { Lies } from './commands.ts'
import { attack, expect, type Hostile, Meeting, ONCE, test } from './stage.ts'

const ADA = 'Ada Lovelace'

let meeting: Meeting
let ada: Page

test.beforeAll(async ({ hostile, browser }) => {
  meeting = await Meeting.open(hostile, 1)
  ada = await meeting.page(browser, ADA)
})

test.afterEach(async ({ hostile }) => {
  await hostile.truth()
})

test.afterAll(async () => {
  await ada.context().close()
})

/** The call ends before it began, during the device check already, and the page says why, with this code. */
async function refusedServer(
  name: Attack,
  code: string,
  act: () => Promise<unknown> = () => ada.goto(meeting.link),
): Promise<void> {
  await ada.goto('about:blank')
  await attack(name, act, () => ada.getByText(code).waitFor())
  await expect(ada.getByRole('alert')).toBeVisible()
  await expect(ada.getByRole('button', { name: 'Leave' })).toHaveCount(0)
}

async function falseIdentity(
  hostile: Hostile,
  name: Attack,
  how: Lies['false-identity']['how'],
): Promise<void> {
  await meeting.lie('false-identity', { how })
  await refusedServer(name, 'E_TCS')
  // Not even that somebody wants to come in was said to it.
  expect(await hostile.asked({ mid: meeting.mid, who: ADA })).toEqual([])
}

test('M6 a TCS proves nothing', ONCE, async ({ hostile }) => {
  await falseIdentity(hostile, 'TCS without a proof of identity', 'no-proof')
})

test('M6 a TCS proves a key of its own', ONCE, async ({ hostile }) => {
  await falseIdentity(hostile, 'TCS with a key of its own', 'own-key')
})

test('M6 a TCS claims the certified key', ONCE, async ({ hostile }) => {
  const name = 'TCS with the certified key’s name and another signature'
  await falseIdentity(hostile, name, 'certified-kid')
})

test('M6 the DTLS certificate is another one than was signed', ONCE, async ({ hostile }) => {
  await meeting.lie('false-fingerprint', {})
  await refusedServer('DTLS certificate that the TCS has not signed', 'E_TCS', async () => {
    await ada.goto(meeting.link)
    await ada.getByRole('button', { name: 'Join', exact: true }).click()
  })
  const asked = await hostile.asked({ mid: meeting.mid, who: ADA })
  expect(asked).not.toContain('connect-transport')
  expect(asked).not.toContain('produce')
})

test('H15 the token keys come under another root', ONCE, async ({ hostile }) => {
  await hostile.lie('false-keys', { how: 'own-root' })
  await refusedServer('token keys under another root', 'E_PIN')
})

test('H15 the token keys are not signed by the root they name', ONCE, async ({ hostile }) => {
  await hostile.lie('false-keys', { how: 'stolen-header' })
  await refusedServer('token keys not signed by the root they name', 'E_PIN')
})

test('the truth lets her in all the same', ONCE, async () => {
  await ada.goto('about:blank')
  await meeting.enterIn(ada)
  await ada.getByRole('button', { name: 'Leave' }).click()
})

test('H15 the token keys are some that newer ones have replaced', ONCE, async ({ hostile }) => {
  // Her browser has seen today's by now.
  await hostile.lie('false-keys', { how: 'recorded' })
  const name = 'token keys recorded before newer ones replaced them'
  await refusedServer(name, 'E_KEY_SET_OLD')
})
