/** What breaks comes back by itself: a media worker that dies, a server that restarts, a socket that is cut. */
import type { Browser, BrowserType } from '@playwright/test'
import { adaAndGrace, admin, meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { chromiumLaunch } from './browsers.ts'
import { CuttableProxy } from './cuttable-proxy.ts'
import { hears, join, sees } from './meeting.ts'
import { mediaWorkersOf } from './processes.ts'
import { HuisclosServer, type Person } from './server.ts'

test(
  'a media worker killed in a meeting is replaced, without a reload',
  ONCE,
  async ({ server, pair: { link, ada, grace } }) => {
    for (const page of [ada, grace]) await join(page, link)
    await sees(ada, 'Grace Hopper')
    await sees(grace, 'Ada Lovelace')
    await ada.evaluate(() => Object.assign(globalThis, { sameDocument: true }))

    const workers = mediaWorkersOf(server.pid)
    expect(workers.length).toBeGreaterThan(0)
    for (const pid of workers) process.kill(pid, 'SIGKILL')
    await sees(ada, 'Grace Hopper')
    await sees(grace, 'Ada Lovelace')
    await hears(ada)
    await hears(grace)
    expect(await ada.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  },
)

test(
  'a restarted server is waited for, said so, and the meeting goes on',
  ONCE,
  async ({ browsers: { chromium, firefox } }) => {
    const server = await HuisclosServer.start()
    const { link, ada, grace, close } = await adaAndGrace(server, [chromium, firefox])
    for (const page of [ada, grace]) await join(page, link)
    await sees(ada, 'Grace Hopper')

    await server.stop()
    for (const page of [ada, grace])
      await expect(page.getByText(/reconnecting/i).first()).toBeVisible()
    await server.launch()
    for (const page of [ada, grace]) await expect(page.getByText(/reconnecting/i)).toHaveCount(0)
    await sees(ada, 'Grace Hopper')
    await sees(grace, 'Ada Lovelace')
    await close()
    await server.end()
  },
)

test(
  'a call does not go on under another account that signed in meanwhile',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const server = await HuisclosServer.start()
    const { link, people } = await meetingOf(server, 2)
    const [one, two] = people as [Person, Person]
    const { page, context } = await pageOf(browsers[thisBrowser], one)
    await join(page, link)
    await server.stop()
    await context.addCookies(two.cookies.map((cookie) => ({ ...cookie, url: server.origin })))
    await server.launch()
    await expect(page.getByText(/^Another account is signed in in another tab/)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Reload the page' })).toBeVisible()
    await expect(page.getByText(two.name)).toHaveCount(0)
    await context.close()
    await server.end()
  },
)

test(
  'whose connections are cut is told so, and comes back without a reload',
  ONCE,
  async ({ browsers: { firefox }, playwright }) => {
    const proxy = await CuttableProxy.open()
    const server = await HuisclosServer.start({ origin: proxy.origin })
    proxy.target = server.port
    // Both browsers call the same name; Chromium finds it at another address, so that the proxy can tell them apart.
    const chromium = await chromiumAt('127.0.0.2', playwright.chromium)
    const { link, ada, grace, close } = await adaAndGrace(server, [chromium, firefox])
    for (const page of [ada, grace]) await join(page, link)
    await sees(ada, 'Grace Hopper')
    await sees(grace, 'Ada Lovelace')
    const both = [
      {
        self: ada,
        name: 'Ada Lovelace',
        address: '127.0.0.2',
        other: grace,
        otherName: 'Grace Hopper',
      },
      {
        self: grace,
        name: 'Grace Hopper',
        address: '127.0.0.1',
        other: ada,
        otherName: 'Ada Lovelace',
      },
    ]
    for (const { self, name, address, other, otherName } of both) {
      await self.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
      proxy.cut(address)
      await expect(self.getByText('Connection lost. Reconnecting…')).toBeVisible()
      // What cannot reach us says nothing about anybody's microphone.
      const tile = self.getByLabel(`Video of ${otherName}`)
      await expect(tile.getByText('Connecting…')).toBeVisible()
      await expect(tile.getByText('muted')).toHaveCount(0)
      await expect(other.getByText(`${name} is reconnecting…`)).toBeVisible()
      await expect(other.getByText(/Connection lost/)).toHaveCount(0)
      proxy.mend(address)
      await expect(self.getByText(/Connection lost/)).toHaveCount(0)
      await sees(self, otherName)
      await sees(other, name)
      await hears(self)
      await hears(other)
      await expect(other.getByLabel(`Video of ${name}`)).toHaveCount(1)
      expect(await self.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
    }
    await close()
    await chromium.close()
    await proxy.close()
    await server.end()
  },
)

test(
  'what was typed outlives a cut connection and can be sent afterwards',
  ONCE,
  async ({ browsers, thisBrowser }) => {
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
  },
)

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
