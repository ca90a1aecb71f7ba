/** A new root key: links and browsers that know the former one follow the change that it signed, and no other. */
import { spawnSync } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
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
    await rotateRoot(server)
    const fresh = await pageOf(browsers[thisBrowser], people[0]!)
    for (const { page, context } of [known, fresh]) {
      // This server does not start with a false change among its files; another one may.
      await context.route('**/api/keys', async (route) => {
        const response = await route.fetch()
        const body = falsifyChain(await response.text(), joinPath(server.dataDir, 'keys/root.pem'))
        await route.fulfill({ response, body })
      })
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
async function rotateRoot(server: HuisclosServer): Promise<void> {
  await server.stop()
  const done = spawnSync(resolve(root, 'node_modules/.bin/node'), ['rotate-root.ts'], {
    cwd: root,
    env: { ...process.env, HC_DATA_DIR: server.dataDir },
    encoding: 'utf8',
  })
  expect(done.stderr).toBe('')
  expect(done.stdout).toContain(`The root key of ${server.origin} was changed.`)
  await server.launch()
}

/** The new root signs a key set in which the signature by the former one does not hold. */
function falsifyChain(keySet: string, rootFile: string): string {
  const [header, body = ''] = keySet.split('.')
  const set = JSON.parse(Buffer.from(body, 'base64url').toString()) as { chain: string[] }
  set.chain = set.chain.map((change) => {
    const [head, payload, signature = ''] = change.split('.')
    return `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  })
  const signed = `${header}.${Buffer.from(JSON.stringify(set)).toString('base64url')}`
  const key = createPrivateKey(readFileSync(rootFile))
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

function pinOf(link: string): string {
  return link.split('.')[1] ?? ''
}
