/** A TCS that alters, repeats and reattributes what people write: nothing of it is shown. */
import type { Page } from '@playwright/test'
import { admin, call } from '../people.ts'
import type { Guest } from './guest.ts'
import { attack, expect, listsAnother, Meeting, ONCE, test } from './stage.ts'
import { wording } from './wording.ts'

const ADA = 'Ada Lovelace'
const GRACE = 'Grace Hopper'
const HEDY = 'Hedy Lamarr'

/** CHAT among the signed broadcasts. */
const CHAT = 9

let meeting: Meeting
let ada: Page
let grace: Guest

test.beforeAll(async ({ hostile, browser }) => {
  meeting = await Meeting.open(hostile, 3)
  ada = await meeting.enterSilently(browser, ADA)
  grace = await meeting.guest(GRACE)
  await ada.getByLabel(wording('call_tile', { name: GRACE })).waitFor()
})

test.afterEach(async ({ hostile }) => {
  await hostile.truth()
})

test.afterAll(async () => {
  await ada.context().close()
})

async function panel(name: 'call_chat' | 'call_security'): Promise<void> {
  if (await ada.getByRole('complementary', { name: wording(name) }).isVisible()) return
  await ada.getByRole('button', { name: wording(name) }).click()
}

/** What Ada reads in the chat: the texts, oldest first. */
async function texts(): Promise<string[]> {
  await panel('call_chat')
  const list = ada.getByRole('log', { name: wording('chat_list') })
  return list.locator('.text').allTextContents()
}

/** Waits until this text, sent with nobody lying, is the last one. */
async function honestly(text: string): Promise<void> {
  await grace.session.features.chat.send(text)
  await expect.poll(async () => (await texts()).at(-1)?.trim()).toBe(text)
}

test('chat is altered on its way', ONCE, async ({ hostile }) => {
  await honestly('first')
  await panel('call_security')
  const listed = await listsAnother(ada, 'E_ENV_AUTH')
  await meeting.lie('flip-bits', { victim: ADA, about: GRACE, broadcast: CHAT })
  await attack('chat altered on its way', () => grace.session.features.chat.send('altered'), listed)
  await hostile.truth()
  await honestly('second')
  expect((await texts()).map((text) => text.trim())).toEqual(['first', 'second'])
})

test('chat is repeated', ONCE, async () => {
  await panel('call_security')
  const listed = await listsAnother(ada, 'E_ENV_REPLAY')
  await attack(
    'chat repeated',
    () => meeting.lie('replay', { victim: ADA, about: GRACE, broadcast: CHAT }),
    listed,
  )
  await honestly('third')
  expect((await texts()).map((text) => text.trim())).toEqual(['first', 'second', 'third'])
})

test('chat comes under the name of another', ONCE, async () => {
  const hedy = await meeting.guest(HEDY)
  await ada.getByLabel(wording('call_tile', { name: HEDY })).waitFor()
  await panel('call_security')
  const listed = await listsAnother(ada, 'E_ENV_AUTH')
  await meeting.lie('restamp', { victim: ADA, about: GRACE, as: HEDY, broadcast: CHAT })
  await attack(
    'chat under the name of another',
    () => grace.session.features.chat.send('not by Hedy'),
    listed,
  )
  expect((await texts()).join()).not.toContain('not by Hedy')
  await hedy.leave()
})

test('R3 chat that the token of its sender forbids', ONCE, async ({ hostile }) => {
  const { server } = hostile
  const { cookies } = await admin(server)
  const body = { name: 'Silent', domains: [], restrictions: { messages: false } }
  const made = await call(server, 'POST /api/admin/groups', body, cookies)
  const { group } = made.body as { group: { id: string } }
  const emails = [meeting.people.find(({ name }) => name === HEDY)?.email]
  await call(server, `POST /api/admin/groups/${group.id}/members`, { emails }, cookies)
  const hedy = await meeting.guest(HEDY)
  await ada.getByLabel(wording('call_tile', { name: HEDY })).waitFor()
  await panel('call_security')
  const listed = await listsAnother(ada, 'E_POLICY')
  await attack('chat that the policy forbids', () => hedy.writeAnyway('forbidden'), listed)
  expect((await texts()).join()).not.toContain('forbidden')
  await hedy.leave()
})
