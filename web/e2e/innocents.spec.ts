/**
 * Whatever an innocent network, machine or server does: no sentence accuses anybody, and what is over disappears.
 *
 * `npm test` runs the first; `npm run chaos` runs all of them.
 */
import type { Browser, Page } from '@playwright/test'
import { accusations, watchForAccusations } from './accusations.ts'
import { DelayProxy, type Network } from './delay-proxy.ts'
import { join, sees } from './meeting.ts'
import { adaAndGrace, type Pair } from './people.ts'
import { HuisclosServer } from './server.ts'
import { expect, test } from './setup.ts'

const LONG = { tag: '@long' }
const GOOD: Network = { rttMs: 20, loss: 0 }
const FROZEN_MS = 18_000

interface Meeting extends Pair {
  readonly server: HuisclosServer
  readonly proxy: DelayProxy
  readonly pages: readonly Page[]
}

/** Ada and Grace see each other over this network, and whatever the pages say is watched. */
async function meetOver(
  network: Network,
  browsers: readonly [Browser, Browser],
): Promise<Meeting & { readonly end: () => Promise<void> }> {
  const proxy = await DelayProxy.open()
  const server = await HuisclosServer.start({ origin: proxy.origin })
  proxy.target = server.port
  const pair = await adaAndGrace(server, browsers)
  const pages = [pair.ada, pair.grace]
  for (const page of pages) {
    await page.goto(pair.link)
    await watchForAccusations(page)
  }
  proxy.network = network
  for (const page of pages) await join(page, null)
  const end = async (): Promise<void> => {
    await pair.close()
    await server.end()
    await proxy.close()
  }
  return { ...pair, server, proxy, pages, end }
}

/** The meeting is whole again, nobody was accused meanwhile, and nothing of it is left on the screen. */
async function isWhole({ ada, grace, pages }: Meeting): Promise<void> {
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')
  for (const page of pages) {
    await expect(page.getByText(/reconnecting/i)).toHaveCount(0)
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0)
    await page.getByRole('button', { name: 'Security' }).click()
    await expect(page.getByRole('heading', { name: 'Refused so far' })).toBeVisible()
    expect(await accusations(page)).toEqual([])
  }
}

test('I1 I3 a server that freezes for 18 s on a slow network has nobody accused', async ({
  browsers,
  thisBrowser,
  otherBrowser,
}) => {
  const meeting = await meetOver({ rttMs: 300, loss: 0 }, [
    browsers[thisBrowser],
    browsers[otherBrowser],
  ])
  await sees(meeting.ada, 'Grace Hopper')
  process.kill(meeting.server.pid, 'SIGSTOP')
  await meeting.ada.waitForTimeout(FROZEN_MS)
  process.kill(meeting.server.pid, 'SIGCONT')
  await isWhole(meeting)
  await meeting.end()
})

test('I2 five packets of a hundred are lost', LONG, async ({ browsers, thisBrowser }) => {
  const both = [browsers[thisBrowser], browsers[thisBrowser]] as const
  const meeting = await meetOver({ rttMs: 60, loss: 0.05 }, both)
  await sees(meeting.ada, 'Grace Hopper')
  await meeting.ada.waitForTimeout(30_000)
  meeting.proxy.network = GOOD
  await isWhole(meeting)
  await meeting.end()
})

test('I4 a machine at a quarter of its speed', LONG, async ({ browsers, thisBrowser }) => {
  test.skip(thisBrowser !== 'chromium', 'Only Chromium slows down its pages on request.')
  const both = [browsers.chromium, browsers.chromium] as const
  const meeting = await meetOver(GOOD, both)
  const session = await meeting.ada.context().newCDPSession(meeting.ada)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await sees(meeting.ada, 'Grace Hopper')
  await meeting.ada.waitForTimeout(30_000)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await isWhole(meeting)
  await meeting.end()
})

test('I6 a server that is restarted', LONG, async ({ browsers, thisBrowser, otherBrowser }) => {
  const meeting = await meetOver(GOOD, [browsers[thisBrowser], browsers[otherBrowser]])
  await sees(meeting.ada, 'Grace Hopper')
  await meeting.server.stop()
  await expect(meeting.ada.getByText(/reconnecting/i).first()).toBeVisible()
  await meeting.server.launch()
  await isWhole(meeting)
  await meeting.end()
})

test(
  'I7 a network that changes three times',
  LONG,
  async ({ browsers, thisBrowser, otherBrowser }) => {
    const meeting = await meetOver(GOOD, [browsers[thisBrowser], browsers[otherBrowser]])
    for (const rttMs of [20, 300, 80]) {
      await sees(meeting.ada, 'Grace Hopper')
      meeting.proxy.network = { rttMs, loss: 0 }
      meeting.proxy.cut()
    }
    await isWhole(meeting)
    await meeting.end()
  },
)

test('I9 two minutes in the device check hurt nobody who comes later', async ({ pair }) => {
  const { link, ada, grace } = pair
  await ada.clock.install()
  const grants: string[] = []
  ada.on('request', (request) => {
    if (request.url().endsWith('/join')) grants.push(request.method())
  })
  await ada.goto(link)
  await watchForAccusations(ada)
  await ada.getByRole('meter', { name: 'Microphone level' }).waitFor()
  // Paths to the TCS are made once the page holds its first grant.
  const paths = () => ada.evaluate(async () => (await window.huisclosDiagnostics?.())?.paths.length)
  await expect.poll(paths).toBeGreaterThan(0)
  await ada.clock.fastForward('02:00')
  await join(ada, null)
  // All timers of two minutes at once may end what was prepared, and then it asks once more.
  await expect.poll(() => grants.length).toBeGreaterThan(1)

  await grace.goto(link)
  await watchForAccusations(grace)
  await join(grace, null)
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')
  for (const page of [ada, grace]) {
    expect(await accusations(page)).toEqual([])
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0)
  }
})
