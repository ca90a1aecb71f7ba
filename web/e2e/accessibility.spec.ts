/** Every screen under the rules of axe (WCAG 2.2 A and AA), in the colours of day, and of night with little motion. */
import type { BrowserContextOptions, Page } from '@playwright/test'
import { obeys } from './axe.ts'
import { join, leave, sees } from './meeting.ts'
import { admin, call, meetingOf, pageOf, visitorIn } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { HuisclosServer } from './server.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(
    `pages for visitors, ${colorScheme}`,
    onceIf(colorScheme === 'light'),
    async ({ inColours, server, thisBrowser }) => {
      const fresh = await HuisclosServer.start()
      const context = await visitorIn(inColours[colorScheme], ours(colorScheme))
      const page = await context.newPage()
      expect(await isDark(page)).toBe(colorScheme === 'dark')
      await examine(page, `${fresh.origin}/`)
      await examine(page, fresh.setupLink)
      await fresh.end()

      const { organiser } = await meetingOf(server, 0)
      const email = `new-${colorScheme}-${thisBrowser}@example.org`
      const invited = { email, role: 'user', language: 'en' }
      await call(server, 'POST /api/admin/accounts', invited, organiser.cookies)
      const { links } = await server.mailFor(email)
      await examine(page, links.find((link) => link.includes('/welcome#')) ?? '')
      for (const path of ['/sign-in', '/reset', `/welcome#${'A'.repeat(43)}`, '/j/none', '/none'])
        await examine(page, `${server.origin}${path}`)
      await page.goto(`${server.origin}/sign-in`)
      expect(await motionOf(page)).toEqual(MOTION[colorScheme])
      await page.getByLabel('E-mail', { exact: true }).fill('not an address')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByText(/Enter an e-mail address/).first()).toBeVisible()
      await obeys(page, 'sign-in with errors')
      await context.close()
    },
  )

  test(`pages for organisers, ${colorScheme}`, ONCE, async ({ inColours, server }) => {
    const { id } = await meetingOf(server, 2)
    const organiser = await admin(server)
    const { page, context } = await pageOf(inColours[colorScheme], organiser, ours(colorScheme))
    for (const path of [
      ...['/', '/admin/users', '/admin/mail', '/admin/audit', '/admin/audit/0', '/meetings/new'],
      ...[`/meetings/${id}`, `/meetings/${id}/change`, '/none'],
    ])
      await examine(page, `${server.origin}${path}`)
    await page.goto(`${server.origin}/meetings/${id}`)
    await page.getByRole('button', { name: 'Cancel the meeting' }).click()
    await obeys(page, 'cancelling')
    await page.goto(`${server.origin}/meetings/new`)
    await page.getByLabel('Title').fill('Accessible')
    await page.getByLabel('People to invite').fill('somebody@example.org')
    await page.getByRole('checkbox', { name: 'Start now' }).check()
    await page.getByRole('button', { name: 'Send the invitations' }).click()
    await expect(page.getByRole('heading', { name: 'Accessible' })).toBeVisible()
    await obeys(page, 'planned')
    await planOwnLink(page, server)
    await obeys(page, 'planned with an own link')
    await page.getByRole('link', { name: 'Details' }).click()
    await obeys(page, 'leaving an own link')
    await page.getByRole('button', { name: 'Leave without the link' }).click()
    await expect(page.getByText(/You hand over the link/)).toBeVisible()
    await obeys(page, 'meeting with an own link')
    await page.goto(`${server.origin}${new URL(page.url()).pathname.replace('meetings', 'j')}`)
    await expect(page.getByRole('heading', { name: 'Your link is incomplete' })).toBeVisible()
    await obeys(page, 'incomplete own link')
    await page.goto(`${server.origin}/j/${id}#v1.${'A'.repeat(43)}.-`)
    await expect(page.getByText('E_PIN')).toBeVisible()
    await obeys(page, 'another server')
    await context.close()
  })

  test(
    `a call from the lobby to its end, ${colorScheme}`,
    onceIf(colorScheme === 'dark'),
    async ({ browsers, inColours, server, otherBrowser }) => {
      const { link, people } = await meetingOf(server, 2)
      const ada = await pageOf(inColours[colorScheme], people[0]!, ours(colorScheme))
      const grace = await pageOf(browsers[otherBrowser], people[1]!)
      await ada.page.goto(link)
      await expect(ada.page.getByRole('button', { name: 'Join', exact: true })).toBeVisible()
      // Until the devices are known their choices are greyed out, which axe may judge half-way.
      await expect(ada.page.getByRole('combobox', { name: 'Microphone' })).toBeEnabled()
      await obeys(ada.page, 'lobby')
      await join(grace.page, link)
      await join(ada.page, link)
      await sees(ada.page, 'Grace Hopper')
      await obeys(ada.page, 'call')
      for (const name of ['People', 'Devices', 'Chat', 'Security']) {
        await ada.page.getByRole('button', { name, exact: true }).click()
        await obeys(ada.page, name)
      }
      await ada.page.getByRole('button', { name: 'Compare safety number' }).click()
      await expect(ada.page.getByRole('img', { name: /^QR code/ })).toBeVisible()
      await obeys(ada.page, 'safety number')
      await ada.page.keyboard.press('Escape')
      await ada.page.getByRole('button', { name: 'Compare a meeting code' }).click()
      await expect(ada.page.getByRole('button', { name: 'It is the same' })).toBeVisible()
      await obeys(ada.page, 'meeting code')
      await ada.page.getByRole('button', { name: 'It is the same' }).click()
      await ada.page.getByRole('region', { name: 'Meeting code' }).getByText('Close').click()
      await ada.page.getByRole('button', { name: 'Mute', exact: true }).click()
      await ada.page.getByRole('button', { name: 'Turn camera off' }).click()
      await expect(ada.page.getByRole('button', { name: 'Turn camera on' })).toBeVisible()
      await obeys(ada.page, 'muted')
      await leave(ada.page)
      await obeys(ada.page, 'left')
      await ada.context.close()
      await grace.context.close()
    },
  )
}

// What axe judges hardly differs by browser: Firefox shows visitors the night, and the call by day.
function onceIf(once: boolean) {
  return once ? ONCE : {}
}

type Colours = 'light' | 'dark'

/** What the systems ask for, for how long buttons change colour, and how often a waiting sign turns. */
const MOTION = {
  light: { littleAsked: false, changes: '0.12s', turns: 'infinite' },
  dark: { littleAsked: true, changes: '0.001s', turns: '1' },
}

function ours(colorScheme: Colours): BrowserContextOptions {
  const reducedMotion = colorScheme === 'dark' ? 'reduce' : 'no-preference'
  // axe runs as a script of the page, which our own policy rightly refuses.
  return { locale: 'en-GB', bypassCSP: true, colorScheme, reducedMotion }
}

function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
}

/** Of a page with a button. */
function motionOf(page: Page): Promise<(typeof MOTION)[Colours]> {
  return page.getByRole('button', { name: 'Sign in' }).evaluate((button) => {
    const sign = button.appendChild(document.createElement('i'))
    sign.style.animation = 'turn 1s linear infinite'
    const turns = getComputedStyle(sign).animationIterationCount
    sign.remove()
    const [changes = ''] = getComputedStyle(button).transitionDuration.split(',')
    const { matches: littleAsked } = matchMedia('(prefers-reduced-motion: reduce)')
    return { littleAsked, changes, turns }
  })
}

async function planOwnLink(page: Page, server: HuisclosServer): Promise<void> {
  await page.goto(`${server.origin}/meetings/new`)
  await page.getByLabel('Title').fill('Between ourselves')
  await page.getByRole('checkbox', { name: 'Start now' }).check()
  await page.getByRole('checkbox', { name: 'I hand the link over myself' }).check()
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByRole('heading', { name: 'Between ourselves' })).toBeVisible()
}

async function examine(page: Page, address: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText('Loading…')).toHaveCount(0)
  await obeys(page, address)
}
