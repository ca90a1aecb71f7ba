/** A server as its owner runs it: started, stopped with Ctrl+C, started again on the same data. */
import { meetingOf, pageOf, visitorIn } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { join, sees } from './meeting.ts'
import { isRunning, mediaWorkersOf } from './processes.ts'
import { HuisclosServer } from './server.ts'

const PASSWORD = 'correct horse battery staple'

test(
  'Ctrl+C ends the server and its media workers within seconds, even in the middle of a call',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const server = await HuisclosServer.start()
    const { link, people } = await meetingOf(server, 2)
    const pages = []
    for (const person of people) {
      const opened = await pageOf(browsers[thisBrowser], person)
      await join(opened.page, link)
      pages.push(opened)
    }
    await sees(pages[0]!.page, 'Grace Hopper')
    const { pid } = server
    const workers = mediaWorkersOf(pid)
    expect(workers.length).toBeGreaterThan(0)

    const asked = performance.now()
    await server.stop('SIGINT')
    expect(performance.now() - asked).toBeLessThan(30_000)
    expect(server.exitCode).toBe(0)
    expect([pid, ...workers].filter(isRunning)).toEqual([])
    for (const { context } of pages) await context.close()
    await server.end()
  },
)

test(
  'accounts survive a restart, and the set-up link is printed only until there is an administrator',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const server = await HuisclosServer.start()
    const unused = server.setupLink
    await server.stop('SIGINT')
    await server.launch()
    const { setupLink } = server
    const context = await visitorIn(browsers[thisBrowser])
    const page = await context.newPage()
    await page.goto(setupLink)
    await page.getByLabel('First name').fill('Rosa')
    await page.getByLabel('Last name').fill('Parks')
    await page.getByLabel('E-mail', { exact: true }).fill('rosa@example.org')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Password again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await expect(page.getByRole('heading', { name: 'My meetings' })).toBeVisible()

    await server.stop('SIGINT')
    await server.launch()
    expect(server.output.filter((line) => line.includes('/setup#'))).toEqual([])
    // Whoever was signed in still is.
    await page.goto(server.origin)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByLabel('E-mail', { exact: true }).fill('rosa@example.org')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('link', { name: 'Administration' })).toBeVisible()

    for (const link of [unused, setupLink]) {
      await page.goto('about:blank')
      await page.goto(link)
      await expect(
        page.getByRole('heading', { level: 1, name: 'Huisclos is set up already' }),
      ).toBeVisible()
      await expect(page.getByRole('button', { name: 'Create the administrator' })).toHaveCount(0)
    }
    await context.close()
    await server.end()
  },
)
