/** What breaks comes back by itself: a media worker that dies, a server that restarts, a socket that is cut. */
import type { Browser, BrowserType } from '@playwright/test'
import { adaAndGrace, admin, meetingOf, pageOf } from './people.ts'
import { expect, test } from './setup.ts'
import { chromiumLaunch } from './browsers.ts'
import { CuttableProxy } from './cuttable-proxy.ts'
import { hears, join, sees } from './meeting.ts'
import { mediaWorkersOf } from './processes.ts'
import { HuisclosServer, type Person } from './server.ts'

test('a media worker killed in a meeting is replaced within ten seconds, without a reload', async ({
  server,
  pair: { link, ada, grace },
}) => {
  for (const page of [ada, grace]) await join(page, link)
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')
  await ada.evaluate(() => Object.assign(globalThis, { sameDocument: true }))

  const workers = mediaWorkersOf(server.pid)
  expect(workers.length).toBeGreaterThan(0)
  for (const pid of workers) process.kill(pid, 'SIGKILL')
  await sees(ada, 'Grace Hopper', 10_000)
  await sees(grace, 'Ada Lovelace', 10_000)
  await hears(ada)
  await hears(grace)
  expect(await ada.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
})

test('a restarted server is waited for, said so, and the meeting goes on', async ({
  browsers,
  thisBrowser,
}) => {
  const server = await HuisclosServer.start()
  const browser = browsers[thisBrowser]
  const { link, ada, grace, close } = await adaAndGrace(server, [browser, browser])
  for (const page of [ada, grace]) await join(page, link)
  await sees(ada, 'Grace Hopper')

  await server.stop()
  await expect(ada.getByText(/reconnecting/i).first()).toBeVisible()
  await server.launch()
  await expect(ada.getByText(/reconnecting/i)).toHaveCount(0, { timeout: 40_000 })
  await sees(ada, 'Grace Hopper', 40_000)
  await sees(grace, 'Ada Lovelace', 40_000)
  await close()
  await server.end()
})

test('a call does not go on under another account that signed in meanwhile', async ({
  browsers,
  thisBrowser,
}) => {
  const server = await HuisclosServer.start()
  const { link, people } = await meetingOf(server, 2)
  const [one, two] = people as [Person, Person]
  const { page, context } = await pageOf(browsers[thisBrowser], one)
  await join(page, link)
  await server.stop()
  await context.addCookies(two.cookies.map((cookie) => ({ ...cookie, url: server.origin })))
  await server.launch()
  await expect(page.getByText(/E_TOKEN_MEETING/)).toBeVisible({ timeout: 40_000 })
  await expect(page.getByRole('button', { name: 'Reload the page' })).toBeVisible()
  await expect(page.getByText(two.name)).toHaveCount(0)
  await context.close()
  await server.end()
})

test('whose connections are cut is told so, and comes back without a reload', async ({
  browsers,
  playwright,
  thisBrowser,
}) => {
  const proxy = await CuttableProxy.open()
  const server = await HuisclosServer.start({ origin: proxy.origin })
  proxy.target = server.port
  // Both browsers call the same name; Chromium finds it at another address, so that the proxy can tell them apart.
  const chromium = await chromiumAt('127.0.0.2', playwright.chromium)
  const { firefox } = browsers
  const order =
    thisBrowser === 'chromium' ? ([chromium, firefox] as const) : ([firefox, chromium] as const)
  const { link, ada, grace, close } = await adaAndGrace(server, order)
  for (const page of [ada, grace]) await join(page, link)
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')
  await ada.evaluate(() => Object.assign(globalThis, { sameDocument: true }))

  const address = thisBrowser === 'chromium' ? '127.0.0.2' : '127.0.0.1'
  proxy.cut(address)
  await expect(ada.getByText('Connection lost. Reconnecting…')).toBeVisible()
  await expect(grace.getByText('Ada Lovelace is reconnecting…')).toBeVisible()
  await expect(grace.getByText(/Connection lost/)).toHaveCount(0)
  proxy.mend(address)
  await expect(ada.getByText(/Connection lost/)).toHaveCount(0, { timeout: 40_000 })
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')
  await hears(ada)
  await hears(grace)
  await expect(grace.getByLabel('Video of Ada Lovelace')).toHaveCount(1)
  expect(await ada.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  await close()
  await chromium.close()
  await proxy.close()
  await server.end()
})

test('what was typed outlives a cut connection and can be sent afterwards', async ({
  browsers,
  thisBrowser,
}) => {
  const proxy = await CuttableProxy.open()
  const server = await HuisclosServer.start({ origin: proxy.origin })
  proxy.target = server.port
  const { page, context } = await pageOf(browsers[thisBrowser], await admin(server))
  await page.goto(`${server.origin}/meetings/new`)
  await page.getByLabel('Title').fill('Budget behind closed doors')
  await page.getByLabel('People to invite').fill('gus@example.org')
  await page.getByRole('checkbox', { name: 'Start now' }).check()

  proxy.cut('127.0.0.1')
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByText(/The server cannot be reached/)).toBeVisible()
  await expect(page.getByLabel('Title')).toHaveValue('Budget behind closed doors')
  await expect(page.getByLabel('People to invite')).toHaveValue('gus@example.org')
  proxy.mend('127.0.0.1')
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByRole('heading', { name: 'Budget behind closed doors' })).toBeVisible()
  await context.close()
  await proxy.close()
  await server.end()
})

function chromiumAt(address: string, chromium: BrowserType): Promise<Browser> {
  const rules = '--host-resolver-rules='
  return chromium.launch({
    ...chromiumLaunch,
    args: (chromiumLaunch.args ?? []).map((argument) =>
      argument.startsWith(rules)
        ? `${rules}MAP localhost ${address},MAP * ~NOTFOUND,EXCLUDE ${address}`
        : argument,
    ),
  })
}
