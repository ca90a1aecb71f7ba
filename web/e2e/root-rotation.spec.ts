/** A new root key: links and browsers that know the former one follow the change that it signed, and no other. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join as joinPath, resolve } from 'node:path'
import { meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { join, leave, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

const root = resolve(import.meta.dirname, '../..')

test(
  'H15 after a change of the root key old links and old browsers go on',
  ONCE,
  async ({ browsers, thisBrowser, otherBrowser }) => {
    const server = await HuisclosServer.start()
    const { link, people } = await meetingOf(server, 2)
    const ada = await pageOf(browsers[thisBrowser], people[0]!)
    await join(ada.page, link)
    await leave(ada.page)
    await ada.page.goto('about:blank')
    await rotateRoot(server)

    // Ada's browser knew the former root; Grace's knows none and has the old link.
    const grace = await pageOf(browsers[otherBrowser], people[1]!)
    await join(ada.page, link)
    await join(grace.page, link)
    await sees(ada.page, 'Grace Hopper')
    await sees(grace.page, 'Ada Lovelace')
    for (const { page } of [ada, grace]) await leave(page)

    // What is planned from now on names the new root, and both have followed it there.
    await ada.page.goto(`${server.origin}/`)
    const now = await ada.page.getByRole('link', { name: 'Join Meeting 1' }).getAttribute('href')
    expect(pinOf(now!)).not.toBe(pinOf(link))
    for (const { page, context } of [ada, grace]) {
      await join(page, `${server.origin}${now}`)
      await context.close()
    }
    await server.end()
  },
)

test(
  'H15 a change that the former root did not sign is not followed',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const server = await HuisclosServer.start()
    const { link, people } = await meetingOf(server, 1)
    const known = await pageOf(browsers[thisBrowser], people[0]!)
    await join(known.page, link)
    await leave(known.page)
    await known.page.goto('about:blank')
    await rotateRoot(server, falsifySignature)
    const fresh = await pageOf(browsers[thisBrowser], people[0]!)
    for (const { page, context } of [known, fresh]) {
      await page.goto(link)
      await expect(
        page.getByRole('heading', { name: 'This is not the server you know' }),
      ).toBeVisible()
      await expect(page.getByText('E_PIN', { exact: true })).toBeVisible()
      await context.close()
    }
    await server.end()
  },
)

/** As its administrator would: stop, change, start. */
async function rotateRoot(
  server: HuisclosServer,
  spoil: (keys: string) => void = () => undefined,
): Promise<void> {
  await server.stop()
  const done = spawnSync(resolve(root, 'node_modules/.bin/node'), ['rotate-root.ts'], {
    cwd: root,
    env: { ...process.env, HC_DATA_DIR: server.dataDir },
    encoding: 'utf8',
  })
  expect(done.stderr).toBe('')
  expect(done.stdout).toContain(`The root key of ${server.origin} was changed.`)
  spoil(joinPath(server.dataDir, 'keys'))
  await server.launch()
}

function falsifySignature(keys: string): void {
  const name = readdirSync(keys).find((file) => file.startsWith('root-change-'))
  const file = joinPath(keys, name!)
  const [header, payload, signature = ''] = readFileSync(file, 'utf8').trim().split('.')
  const other = signature.startsWith('A') ? 'B' : 'A'
  writeFileSync(file, `${header}.${payload}.${other}${signature.slice(1)}\n`)
}

function pinOf(link: string): string {
  return link.split('.')[1] ?? ''
}
