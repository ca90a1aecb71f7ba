/** A TMMS on a fresh data folder with a clock that stands still, and browsers that keep cookies. */
import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { SignJWT, exportJWK, type JWK } from 'jose'
import pino from 'pino'
import { createTmms, type Tmms, type TmmsOptions } from '../src/app.ts'
import { apiError } from '../src/contract/errors.ts'
import { ROUTES } from '../src/contract/routes.ts'
import type { Account, Role } from '../src/contract/accounts.ts'
import type { Meeting } from '../src/contract/meetings.ts'
import type { LinkInfo, NewCredential, PasswordParams } from '../src/contract/sign-in.ts'

export const ORIGIN = 'https://meet.example.org:8443'
export const START = Date.parse('2026-03-03T10:00:00Z')
export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE
export const PASSWORD = 'correct horse battery'

interface SentMail {
  readonly to: string
  readonly subject: string
  readonly links: readonly string[]
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into every kind of reply
  readonly body: any
}

export interface CallOptions {
  readonly id?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is instead of JSON. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
}

/** One browser profile: cookies, and the Origin that browsers add. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  async call(route: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const [method = 'GET', template = '/'] = route.split(' ')
    const reading = method === 'GET' || method === 'HEAD'
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(this.#base + template.replace(':id', options.id ?? ''), {
      method,
      redirect: 'manual',
      headers: {
        ...(reading ? {} : { origin: ORIGIN, 'content-type': 'application/json' }),
        ...(this.cookies.size === 0 ? {} : { cookie: this.#cookieHeader() }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const text = await response.text()
    const json = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '')
    const { status, headers } = response
    if (json || status === 200) fitsContract(route, status, json ? JSON.parse(text) : text)
    return { status, headers, text, body: json ? (JSON.parse(text) as unknown) : null }
  }

  async signIn(email: string, password = PASSWORD, remember = false): Promise<Answer> {
    const params = await this.call('POST /api/auth/params', { email })
    const auth = hash(password, params.body as PasswordParams)
    return this.call('POST /api/auth/login', { email, v: 1, auth, remember })
  }

  #cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(line: string): void {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
    if (value === '' || line.includes('Expires=Thu, 01 Jan 1970')) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

/** Every answer that a test sees is one that the contract describes. */
function fitsContract(route: string, status: number, body: unknown): void {
  const shape = Object.entries(ROUTES).find(([name]) => name === route.split('?')[0])?.[1]
  if (shape !== undefined) (status === 200 ? shape.reply : apiError).parse(body)
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

/** Stands for Argon2id: what matters to the server is that it depends on password and salt. */
export function hash(password: string, params: PasswordParams): string {
  return createHash('sha256').update(`${password}|${params.salt}`).digest('base64url')
}

export function tokenOf(link: string | null | undefined): string {
  return new URL(link ?? '').hash.slice(1)
}

export function credentialFor(params: PasswordParams, password = PASSWORD): NewCredential {
  return { ...params, auth: hash(password, params) }
}

const NAMES = { firstName: 'Ada', lastName: 'Lovelace', language: 'en' } as const

/** Follows a link in a mail to its end. */
export async function follow(
  browser: Browser,
  link: string | null | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const token = tokenOf(link)
  const read = await browser.call('POST /api/links/read', { token })
  if (read.status !== 200) return read
  const credential = credentialFor((read.body as LinkInfo).params)
  return browser.call('POST /api/links/accept', { token, ...NAMES, credential, ...more })
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

/** A device key and the proofs it signs. */
export class Device {
  readonly privateKey: KeyObject
  readonly #publicKey: KeyObject

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = pair.privateKey
    this.#publicKey = pair.publicKey
  }

  jwk(): Promise<JWK> {
    return exportJWK(this.#publicKey)
  }

  async prove(
    id: string,
    nowMs: number,
    changes: { header?: Record<string, unknown>; claims?: Record<string, unknown> } = {},
  ): Promise<string> {
    const claims = {
      htm: 'POST',
      htu: `${ORIGIN}/api/meetings/${id}/join`,
      jti: randomUUID(),
      iat: Math.floor(nowMs / 1000),
      ...changes.claims,
    }
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await this.jwk(), ...changes.header }
    return new SignJWT(claims).setProtectedHeader(header).sign(this.privateKey)
  }

  async join(browser: Browser, id: string, nowMs: number): Promise<Answer> {
    const dpop = await this.prove(id, nowMs)
    return browser.call('POST /api/meetings/:id/join', {}, { id, headers: { dpop } })
  }
}
