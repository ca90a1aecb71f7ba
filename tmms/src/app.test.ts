import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTmms } from './app.ts'
import { PAGE_PATHS } from './contract/pages.ts'
import type { PasswordParams } from './contract/sign-in.ts'
import { ORIGIN, PASSWORD, hash } from '../test/browser.ts'
import { Device } from '../test/device.ts'
import { follow, tokenOf } from '../test/links.ts'
import { BUILT_FILE, openWorld, plan, type World } from '../test/world.ts'

const NAMES = {
  origin: ORIGIN,
  tcsOrigin: ORIGIN,
  version: '1',
  e2eeSuite: 2,
  vouching: true,
  tcs: () => Promise.resolve([]),
} as const

let world: World
beforeAll(async () => {
  world = await openWorld({ tcsOrigin: 'https://tcs.example.org' })
})
afterAll(() => world.close())

const get = (path: string, headers = {}) =>
  world.browser().call(`GET ${path}`, undefined, { headers })

describe('headers', () => {
  it.each(['/', '/assets/worker-abc123.js', '/api/status', '/nothing', '/assets/nothing.js'])(
    'B1 B2 %s carries them all',
    async (path) => {
      const { headers } = await get(path)
      const policy = new Map(
        (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
          const [name = '', ...values] = directive.trim().split(' ')
          return [name, values.join(' ')]
        }),
      )
      expect(Object.fromEntries(policy)).toEqual({
        'default-src': "'none'",
        'script-src': "'self' 'wasm-unsafe-eval'",
        'style-src': "'self'",
        'img-src': "'self' blob: data:",
        'media-src': "'self' blob: mediastream:",
        'font-src': "'self'",
        'worker-src': "'self'",
        'connect-src': "'self' wss://meet.example.org:8443 wss://tcs.example.org",
        'manifest-src': "'self'",
        'require-trusted-types-for': "'script'",
        'trusted-types': 'svelte-trusted-html huisclos-worker',
        'frame-ancestors': "'none'",
        'base-uri': "'none'",
        'form-action': "'self'",
      })
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000')
      const permissions = headers.get('permissions-policy') ?? ''
      for (const allowed of ['camera', 'microphone', 'display-capture', 'fullscreen']) {
        expect(permissions).toContain(`${allowed}=(self)`)
      }
      expect(permissions).toContain('geolocation=()')
      expect(headers.has('x-powered-by')).toBe(false)
    },
  )
})

describe('pages', () => {
  it.each(PAGE_PATHS.map((path) => path.replace(/:\w+/gu, 'abc')))(
    '%s is the client, fetched afresh',
    async (path) => {
      const answer = await get(path)
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(answer.text).toContain('<title>Huisclos</title>')
    },
  )

  it('unknown paths are the client with status 404, which says so', async () => {
    for (const path of ['/nothing', '/j/', '/j/a/b', '/index.html/x', '/.env', '/..%2fdata']) {
      const answer = await get(path)
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.text).toContain('<title>Huisclos</title>')
    }
  })

  it('built files never change; others are asked for again', async () => {
    const asset = await get('/assets/worker-abc123.js')
    expect(asset.headers.get('cache-control')).toMatch(/^public, ?max-age=31536000, ?immutable$/)
    expect(asset.headers.get('content-type')).toContain('javascript')
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache')
  })

  it.each([
    ['br', 'br'],
    ['gzip, br', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ])('built files come compressed to who takes %s', async (accepted, encoding) => {
    const asset = await get('/assets/worker-abc123.js', { 'Accept-Encoding': accepted })
    expect(asset.headers.get('content-encoding')).toBe(encoding)
    expect(asset.headers.get('vary')).toContain('Accept-Encoding')
    expect(asset.text).toBe(BUILT_FILE)
  })

  it('answers of the interface are never compressed', async () => {
    const answer = await get('/api/status', { 'Accept-Encoding': 'br, gzip' })
    expect(answer.headers.get('content-encoding')).toBeNull()
  })

  it('a missing built file is not answered with a page', async () => {
    const answer = await get('/assets/nothing.js')
    expect([answer.status, answer.text]).toEqual([404, 'Not found.'])
  })

  it('are only read', async () => {
    expect((await world.browser().call('POST /', {})).status).toBe(405)
  })

  it('say so when the client has not been built', async () => {
    const bare = await openWorld({ webDir: join(tmpdir(), 'no-such-folder') })
    const answer = await bare.browser().call('GET /')
    expect([answer.status, answer.text]).toEqual([503, 'The web client has not been built.'])
    await bare.close()
  })
})

describe('the data folder', () => {
  it('keeps keys, secrets and mails from everybody else', () => {
    const mode = (...path: string[]) => statSync(join(world.dataDir, ...path)).mode & 0o777
    expect(mode('keys')).toBe(0o700)
    const files = readdirSync(join(world.dataDir, 'keys'))
    expect(files.toSorted()).toEqual([
      'audit.pem',
      'fake-salt',
      'issuer',
      'pepper',
      'root.pem',
      'seal',
      expect.stringMatching(/^token-\d+-[\w-]{43}\.pem$/),
    ])
    for (const file of files) expect(mode('keys', file)).toBe(0o600)
  })

  it('outlives the process: the same pin, the same accounts, the same keys', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tmms-data-'))
    const options = { ...NAMES, dataDir, webDir: dataDir }
    const logger = pino({ level: 'silent' })
    const one = await createTmms({ ...options, logger })
    const [pin, keys] = [one.rootThumbprint, one.tokenKeys()]
    await one.close()
    await one.close()
    const two = await createTmms({ ...options, logger })
    expect(two.rootThumbprint).toBe(pin)
    expect(two.tokenKeys()).toEqual(keys)
    await two.close()
    rmSync(dataDir, { recursive: true })
  })

  it('without its pepper, but with passwords, is refused instead of locking everybody out', async () => {
    const here = await openWorld()
    await here.administrator()
    const pepper = join(here.dataDir, 'keys', 'pepper')
    const kept = readFileSync(pepper)
    rmSync(pepper)
    const options = { ...NAMES, dataDir: here.dataDir }
    const logger = pino({ level: 'silent' })
    const again = () => createTmms({ ...options, webDir: here.webDir, logger })
    await expect(again()).rejects.toMatchObject({ code: 'unavailable' })
    await expect(again()).rejects.toMatchObject({ code: 'unavailable' })
    expect(kept).not.toHaveLength(0)
    await here.close()
  })
})

describe('A9 T5 the log', () => {
  it('holds nothing secret of a whole way from set-up to meeting, refusals included', async () => {
    const here = await openWorld()
    const setup = await here.tmms.setupLink()
    const admin = here.browser()
    await follow(admin, setup, { email: 'root@example.org' })
    const { browser } = await here.person('ada@example.org', 'organiser')
    const { id } = await plan(browser, ['bob@example.org'])
    const guest = here.browser()
    const [validate] = here.lastMail('bob@example.org').links
    await follow(guest, validate)
    const params = (await guest.call('POST /api/auth/params', { email: 'bob@example.org' }))
      .body as PasswordParams
    const auth = hash(PASSWORD, params)
    await guest.signIn('bob@example.org')
    await guest.call('POST /api/auth/login', { email: 'bob@example.org', v: 2, auth })
    await guest.call('POST /api/auth/login', null, { raw: `{"auth":"${auth}",,}` })
    await guest.call(`GET /api/${auth}?auth=${auth}`)
    await guest.call('POST /api/auth/reset', { email: 'bob@example.org' })
    const device = new Device()
    const dpop = await device.prove(id, here.clock.nowMs)
    const headers = { dpop }
    const grant = await guest.call('POST /api/meetings/:id/join', {}, { id, headers })
    await guest.call('POST /api/meetings/:id/join', {}, { id, headers })
    expect(grant.status).toBe(200)
    const log = here.logLines.join('')
    expect(log).toContain('"code":"bad-proof"')
    expect(here.logLines.length).toBeGreaterThan(15)
    const secrets = [
      auth,
      tokenOf(setup),
      tokenOf(validate),
      String(grant.body.token),
      dpop,
      ...admin.cookies.values(),
      ...guest.cookies.values(),
      ...['pepper', 'fake-salt'].map((name) =>
        readFileSync(join(here.dataDir, 'keys', name), 'utf8'),
      ),
      'bob@example.org',
      'Lovelace',
    ]
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(7)
      expect(log).not.toContain(secret)
    }
    await here.close()
  })

  it('O5 mails wait while they cannot be sent, and go when they can', async () => {
    const here = await openWorld()
    await here.administrator()
    const { browser } = await here.person('ada@example.org', 'administrator')
    await here.tmms.sendDueMails()
    const outbox = join(here.dataDir, 'outbox')
    rmSync(outbox, { recursive: true })
    // A folder cannot be made where a file of that name would have to be replaced.
    writeFileSync(outbox, '')
    const meeting = await plan(browser, ['bob@example.org'])
    expect(meeting.invited).toEqual([{ email: 'bob@example.org', name: '' }])
    const body = { email: 'carol@example.org', role: 'user', language: 'en' }
    expect((await browser.call('POST /api/admin/accounts', body)).status).toBe(200)
    await here.tmms.sendDueMails()
    rmSync(outbox)
    here.clock.nowMs += 60_000
    await here.tmms.sendDueMails()
    here.clock.nowMs += 60_000
    await here.tmms.sendDueMails()
    expect(readdirSync(outbox)).toHaveLength(2)
    await here.close()
  })
})
