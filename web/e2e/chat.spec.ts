/** Writing to each other: between the browsers, for those who are there, and never as anything but text. */
import type { Page } from '@playwright/test'
import { join, sees } from './meeting.ts'
import { meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'

test(
  'B5 messages cross the browsers as text, and not to who joins later',
  ONCE,
  async ({ browsers, server, thisBrowser, otherBrowser }) => {
    const { link, people } = await meetingOf(server, 3)
    const ada = await pageOf(browsers[thisBrowser], people[0]!)
    const grace = await pageOf(browsers[otherBrowser], people[1]!)
    await join(ada.page, link)
    await join(grace.page, link)
    // Pictures show that the keys are in use: what is written before is not for a newcomer.
    await sees(ada.page, 'Grace Hopper')
    await sees(grace.page, 'Ada Lovelace')

    // The key that opens the chat is not the first letter of the message.
    await ada.page.keyboard.press('c')
    await ada.page.getByRole('textbox', { name: 'Message to everybody' }).click()
    const script = '<img src=x onerror="document.title=\'hacked\'"> javascript:alert(1)'
    await ada.page.keyboard.type(script)
    await ada.page.keyboard.press('Enter')
    await expect(messages(ada.page).getByText(script)).toBeVisible()

    const chat = grace.page.getByRole('button', { name: 'Chat', exact: true })
    await expect(chat).toHaveAccessibleDescription('1 unread message')
    await chat.click()
    await expect(messages(grace.page).getByText(script)).toBeVisible()
    await expect(messages(grace.page).getByText('Ada Lovelace')).toBeVisible()
    await expect(messages(grace.page).locator('img, script, a')).toHaveCount(0)
    await expect(chat).not.toHaveAccessibleDescription(/unread/)

    const address = `${server.origin}/sign-in`
    await write(grace.page, `Look at ${address}.`)
    const anchor = messages(ada.page).getByRole('link', { name: address, exact: true })
    await expect(anchor).toHaveAttribute('rel', 'noopener noreferrer nofollow')
    const opened = ada.context.waitForEvent('page')
    await anchor.click()
    const other = await opened
    await expect(other).toHaveURL(address)
    await other.close()

    const hedy = await pageOf(browsers[thisBrowser], people[2]!)
    await join(hedy.page, link)
    await expect(hedy.page.getByLabel('Video of Grace Hopper')).toBeVisible()
    await hedy.page.getByRole('button', { name: 'Chat', exact: true }).click()
    await expect(messages(hedy.page).getByText(/Nothing written yet/)).toBeVisible()
    // Whoever writes knows the newcomer first.
    await expect(ada.page.getByLabel('Video of Hedy Lamarr')).toBeVisible()
    await write(ada.page, 'Welcome, Hedy')
    await expect(messages(hedy.page).getByText('Welcome, Hedy')).toBeVisible()
    await expect(messages(hedy.page).getByRole('listitem')).toHaveCount(1)
    await expect(ada.page).not.toHaveTitle(/hacked/)

    // What is being written takes room, but not from what was written last.
    const high = 'high\n'.repeat(40)
    await write(ada.page, high.trim())
    await write(ada.page, 'The end')
    await ada.page.getByRole('textbox', { name: 'Message to everybody' }).fill(high)
    await expect(messages(ada.page).getByText('The end')).toBeInViewport()
    for (const { context } of [ada, grace, hedy]) await context.close()
  },
)

function messages(page: Page) {
  return page.getByRole('log', { name: 'Messages' })
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message to everybody' }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(messages(page).getByText(text)).toBeVisible()
}
