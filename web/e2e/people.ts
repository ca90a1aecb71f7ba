/**
 * People for tests: with accounts, invited to meetings, signed in.
 *
 * Accounts are made through the HTTP interface, so that only the tests about accounts pay for typing.
 */
import { randomBytes } from 'node:crypto'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test'
import { giveCamera, SMALL, type CameraSize } from './camera.ts'
import type { HuisclosServer, Person } from './server.ts'

/** A request to the TMMS as the web client would send it. */
export async function call(
  server: HuisclosServer,
  route: string,
  body?: unknown,
  cookies: Person['cookies'] = [],
): Promise<{ status: number; body: unknown; cookies: Person['cookies'] }> {
  const [method = 'GET', path = '/'] = route.split(' ')
  const response = await fetch(`${server.origin}${path}`, {
    method,
    headers: {
      origin: server.origin,
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const set = response.headers.getSetCookie().map((line) => {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    return { name: pair.slice(0, at), value: pair.slice(at + 1) }
  })
  const json = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, body: json ? JSON.parse(text) : text, cookies: set }
}

/** Follows an account link through the interface. The password hash is random: nobody signs in with it again. */
export async function acceptLink(
  server: HuisclosServer,
  link: string,
  who: { email: string; firstName: string; lastName: string },
): Promise<Person> {
  const token = new URL(link).hash.slice(1)
  const info = await call(server, 'POST /api/links/read', { token })
  const { params, purpose } = info.body as { params: object; purpose: string }
  const done = await call(server, 'POST /api/links/accept', {
    token,
    ...(purpose === 'setup' ? { email: who.email } : {}),
    firstName: who.firstName,
    lastName: who.lastName,
    language: 'en',
    credential: { ...params, auth: randomBytes(32).toString('base64url') },
  })
  if (done.status >= 300) throw new Error(`Account refused: ${JSON.stringify(done.body)}`)
  return { email: who.email, name: `${who.firstName} ${who.lastName}`, cookies: done.cookies }
}

const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Hedy Lamarr', 'Mary Jackson', 'Emmy Noether']

/** The server's administrator, made on first use. */
export async function admin(server: HuisclosServer): Promise<Person> {
  const who = { email: 'admin@example.org', firstName: 'Rosa', lastName: 'Parks' }
  return (server.administrator ??= await acceptLink(server, server.setupLink, who))
}

/** A meeting that begins now, organised by the administrator, and invited people with accounts. */
export async function meetingOf(
  server: HuisclosServer,
  size: number,
  names: readonly string[] = NAMES,
  planner?: Person,
): Promise<{ link: string; id: string; people: Person[]; organiser: Person }> {
  const organiser = planner ?? (await admin(server))
  const set = ++server.meetings
  const addresses = Array.from({ length: size }, (_, index) => `guest${set}-${index}@example.org`)
  const created = await call(
    server,
    'POST /api/meetings',
    {
      title: `Meeting ${set}`,
      startsAt: new Date().toISOString(),
      durationMin: 60,
      invited: addresses,
    },
    organiser.cookies,
  )
  const { meeting } = created.body as { meeting: { link: string; id: string } }
  const people: Person[] = []
  for (const [index, email] of addresses.entries()) {
    const welcome = (await server.mailFor(email)).links.find((link) => link.includes('/welcome#'))
    if (welcome === undefined) throw new Error('The mail of a new person holds no account link')
    const [firstName = '', lastName = ''] = (names[index] ?? '').split(' ')
    people.push(await acceptLink(server, welcome, { email, firstName, lastName }))
  }
  return { link: `${server.origin}${meeting.link}`, id: meeting.id, people, organiser }
}

/** Puts somebody into a new group. @returns its name. */
export async function restrict(
  server: HuisclosServer,
  { email }: Person,
  restrictions: object,
): Promise<string> {
  const { cookies } = await admin(server)
  const name = `Rules for ${email}`
  const group = { name, domains: [], restrictions }
  const made = await call(server, 'POST /api/admin/groups', group, cookies)
  const { id } = (made.body as { group: { id: string } }).group
  await call(server, `POST /api/admin/groups/${id}/members`, { emails: [email] }, cookies)
  return name
}

export interface VisitorOptions extends BrowserContextOptions {
  readonly camera?: CameraSize
}

/** A browser of somebody new, with a small camera. */
export async function visitorIn(
  browser: Browser,
  { camera = SMALL, ...options }: VisitorOptions = {},
): Promise<BrowserContext> {
  const window = { locale: 'en-GB', viewport: { width: 1280, height: 720 } }
  const context = await browser.newContext({ ...window, ...options })
  failOnPageErrors(context)
  await giveCamera(context, camera)
  return context
}

/** What a page throws and nobody catches fails the test: such a page may look right and be stuck. */
function failOnPageErrors(context: BrowserContext): void {
  context.on('weberror', (event) => {
    const error = event.error()
    if (!reportedByFirefox.test(error.message)) throw error
  })
}

/** Not thrown by the page: the style sheet with which Playwright takes pictures, and connections that a test cuts. */
const reportedByFirefox =
  /style-src|establish a connection to the server at wss:|interrupted while the page was loading/

/** As a browser keeps them: all its tabs are then this person's. */
export function cookiesOf(person: Person) {
  return person.cookies.map((cookie) => ({
    ...cookie,
    domain: 'localhost',
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict' as const,
  }))
}

/** A page in which this person is signed in. */
export async function pageOf(
  browser: Browser,
  person: Person,
  options: VisitorOptions = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await visitorIn(browser, options)
  await context.addCookies(cookiesOf(person))
  const page = await context.newPage()
  // Playwright would answer no, and the page would never be loaded again.
  page.on('dialog', (dialog) => {
    if (dialog.type() === 'beforeunload') void dialog.accept()
  })
  return { page, context }
}

/** Ada and Grace, each with a page. */
export interface Pair {
  readonly link: string
  readonly people: readonly Person[]
  readonly ada: Page
  readonly grace: Page
  readonly close: () => Promise<void>
}

/** Both signed in and invited to one meeting, Ada in the first browser and Grace in the second; nobody has joined yet. */
export async function adaAndGrace(
  server: HuisclosServer,
  [hers, graces]: readonly [Browser, Browser],
  options: VisitorOptions = {},
): Promise<Pair> {
  const { link, people } = await meetingOf(server, 2)
  const ada = await pageOf(hers, people[0]!, options)
  const grace = await pageOf(graces, people[1]!, options)
  const close = async (): Promise<void> => {
    for (const { context } of [ada, grace]) await context.close()
  }
  return { link, people, ada: ada.page, grace: grace.page, close }
}
