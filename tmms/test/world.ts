/** A TMMS on a fresh data folder with a clock that stands still, and people who have accounts there. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import pino from 'pino'
import { createTmms, type Tmms, type TmmsOptions } from '../src/app.ts'
import type { Account, Role } from '../src/contract/accounts.ts'
import type { Meeting } from '../src/contract/meetings.ts'
import { Browser, ORIGIN } from './browser.ts'
import { follow } from './links.ts'

export const START = Date.parse('2026-03-03T10:00:00Z')
export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE

interface SentMail {
  readonly to: string
  readonly subject: string
  readonly links: readonly string[]
}

export interface World {
  readonly tmms: Tmms
  readonly base: string
  readonly dataDir: string
  readonly webDir: string
  readonly mails: SentMail[]
  readonly logLines: string[]
  readonly clock: { nowMs: number }
  browser(): Browser
  /** Sets up the first administrator, signed in. */
  administrator(): Promise<Browser>
  /** Invites somebody and lets them validate the account; signed in. */
  person(email: string, role?: Role): Promise<{ browser: Browser; account: Account }>
  lastMail(to: string): SentMail
  close(): Promise<void>
}

export const BUILT_FILE = 'export {}'

export async function openWorld(options: Partial<TmmsOptions> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'tmms-'))
  const webDir = join(folder, 'web')
  mkdirSync(join(webDir, 'assets'), { recursive: true })
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>Huisclos</title>')
  writeFileSync(join(webDir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  const built = join(webDir, 'assets', 'worker-abc123.js')
  writeFileSync(built, BUILT_FILE)
  writeFileSync(`${built}.br`, brotliCompressSync(BUILT_FILE))
  writeFileSync(`${built}.gz`, gzipSync(BUILT_FILE))
  const dataDir = join(folder, 'data')
  const mails: SentMail[] = []
  const logLines: string[] = []
  const clock = { nowMs: START }
  const tmms = await createTmms({
    origin: ORIGIN,
    tcsOrigin: ORIGIN,
    tcs: () => Promise.resolve([]),
    dataDir,
    webDir,
    version: '0.1.0',
    e2eeSuite: 2,
    vouching: true,
    now: () => clock.nowMs,
    logger: pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) }),
    onMail: (mail) => void mails.push(mail),
    timeZone: 'Europe/Paris',
    ...options,
  })
  const { server, base } = await listen(tmms)
  const world: World = {
    tmms,
    base,
    dataDir,
    webDir,
    mails,
    logLines,
    clock,
    browser: () => new Browser(base),
    administrator: () => makeAdministrator(world),
    person: (email, role = 'user') => makePerson(world, email, role),
    lastMail: (to) => mails.filter((mail) => mail.to === to).at(-1)!,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await tmms.close()
      rmSync(folder, { recursive: true })
    },
  }
  return world
}

async function listen(tmms: Tmms): Promise<{ server: Server; base: string }> {
  let address = ''
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    // `fetch` sends no Host but that of the address. Any other is left as it came.
    const { host } = new URL(ORIGIN)
    request.rawHeaders = request.rawHeaders.map((value) => (value === address ? host : value))
    tmms.app(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { server, base: `http://${address}` }
}

async function makeAdministrator(world: World): Promise<Browser> {
  const browser = world.browser()
  const answer = await follow(browser, await world.tmms.setupLink(), { email: 'root@example.org' })
  if (answer.status !== 200) throw new Error(answer.text)
  return browser
}

async function makePerson(
  world: World,
  email: string,
  role: Role,
): Promise<{ browser: Browser; account: Account }> {
  const admin = world.browser()
  await admin.signIn('root@example.org')
  const invited = await admin.call('POST /api/admin/accounts', { email, role, language: 'en' })
  if (invited.status !== 200) throw new Error(invited.text)
  const browser = world.browser()
  const answer = await follow(browser, world.lastMail(email).links[0])
  if (answer.status !== 200) throw new Error(answer.text)
  return { browser, account: answer.body.account as Account }
}

/** Plans a meeting that starts now, and answers it. */
export async function plan(
  organiser: Browser,
  invited: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Meeting> {
  const startsAt = new Date(START).toISOString()
  const body = { title: 'Board', startsAt, durationMin: 60, invited, ...more }
  const answer = await organiser.call('POST /api/meetings', body)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body.meeting as Meeting
}
