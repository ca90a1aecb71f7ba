/** What breaks comes back by itself: a media worker that dies, a server that restarts, a socket that is cut. */
import type { Browser, BrowserType } from '@playwright/test'
import { admin, expect, meetingOf, pageOf, test } from './setup.ts'
import { chromiumLaunch } from './browsers.ts'
import { CuttableProxy } from './cuttable-proxy.ts'
import { hears, join, sees } from './meeting.ts'
import { mediaWorkersOf } from './processes.ts'
import { HuisclosServer } from './server.ts'

test('a media worker killed in a meeting is replaced within ten seconds, without a reload', async ({
  browsers,
  server,
  thisBrowser,
  otherBrowser,
}) => {
  const { link, people } = await meetingOf(server, 2)
  const a = await pageOf(browsers[thisBrowser], people[0]!)
  const b = await pageOf(browsers[otherBrowser], people[1]!)
  await join(a.page, link)
  await join(b.page, link)
  await sees(a.page, 'Grace Hopper')
  await sees(b.page, 'Ada Lovelace')
  await a.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))

  const workers = mediaWorkersOf(server.pid)
  expect(workers.length).toBeGreaterThan(0)
  for (const pid of workers) process.kill(pid, 'SIGKILL')
  await sees(a.page, 'Grace Hopper', 10_000)
  await sees(b.page, 'Ada Lovelace', 10_000)
  await hears(a.page)
  await hears(b.page)
  expect(await a.page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  await a.context.close()
  await b.context.close()
})

test('a restarted server is waited for, said so, and the meeting goes on', async ({
  browsers,
  thisBrowser,
}) => {
  const server = await HuisclosServer.start()
  const { link, people } = await meetingOf(server, 2)
  const a = await pageOf(browsers[thisBrowser], people[0]!)
  const b = await pageOf(browsers[thisBrowser], people[1]!)
  await join(a.page, link)
  await join(b.page, link)
  await sees(a.page, 'Grace Hopper')

  await server.stop()
  await expect(a.page.getByText(/reconnecting/i).first()).toBeVisible()
  await server.launch()
  await expect(a.page.getByText(/reconnecting/i)).toHaveCount(0, { timeout: 40_000 })
  await sees(a.page, 'Grace Hopper', 40_000)
  await sees(b.page, 'Ada Lovelace', 40_000)
  await a.context.close()
  await b.context.close()
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
  const { link, people } = await meetingOf(server, 2)
  const ada = await pageOf(thisBrowser === 'chromium' ? chromium : browsers.firefox, people[0]!)
  const grace = await pageOf(thisBrowser === 'chromium' ? browsers.firefox : chromium, people[1]!)
  await join(ada.page, link)
  await join(grace.page, link)
  await sees(ada.page, 'Grace Hopper')
  await sees(grace.page, 'Ada Lovelace')
  await ada.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))

  const address = thisBrowser === 'chromium' ? '127.0.0.2' : '127.0.0.1'
  proxy.cut(address)
  await expect(ada.page.getByText('Connection lost. Reconnecting…')).toBeVisible()
  await expect(grace.page.getByText('Ada Lovelace is reconnecting…')).toBeVisible()
  await expect(grace.page.getByText(/Connection lost/)).toHaveCount(0)
  proxy.mend(address)
  await expect(ada.page.getByText(/Connection lost/)).toHaveCount(0, { timeout: 40_000 })
  await sees(ada.page, 'Grace Hopper')
  await sees(grace.page, 'Ada Lovelace')
  await hears(ada.page)
  await hears(grace.page)
  await expect(grace.page.getByLabel('Video of Ada Lovelace')).toHaveCount(1)
  expect(await ada.page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  await ada.context.close()
  await grace.context.close()
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
