/** What breaks comes back by itself: a media worker that dies, a server that restarts, a socket that is cut. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, meetingOf, pageOf, test } from './setup.ts'
import { hears, join, sees } from './meeting.ts'
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

function mediaWorkersOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8')
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return parent === pid && stat.includes('(mediasoup')
      } catch {
        return false
      }
    })
}
