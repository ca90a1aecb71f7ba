import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN, type Answer, type Browser } from '../../test/browser.ts'
import { LOGO_MAX_BYTES } from '../contract/limits.ts'
import { pngOf } from '../../test/png.ts'
import { putSettings } from '../../test/saving.ts'
import { openWorld, type World } from '../../test/world.ts'

let world: World
let admin: Browser
beforeEach(async () => {
  world = await openWorld()
  admin = await world.administrator()
})
afterEach(() => world.close())

const LOGO = '/api/admin/branding/logo'
const png = (more = 0, width = 256): Buffer => pngOf(width, 80, more)
const put = (body: object) => putSettings(admin, 'branding', body)
const status = async () => (await world.browser().call('GET /api/status')).body.branding as unknown

async function upload(
  bytes: Buffer,
  headers: Readonly<Record<string, string>> = {},
  browser = admin,
): Promise<Pick<Answer, 'status' | 'body'>> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(world.base + LOGO, {
    method: 'PUT',
    headers: { origin: ORIGIN, 'content-type': 'image/png', cookie, ...headers },
    body: new Uint8Array(bytes),
  })
  return { status: response.status, body: await response.json() }
}

describe('branding', () => {
  it('reaches whoever is not signed in, pages before they are drawn, and mails', async () => {
    expect(await status()).toEqual({
      name: 'Huisclos',
      logo: null,
      accentLight: '#0b5563',
      accentDark: '#74c6d3',
      footer: '',
      footerLink: '',
    })
    expect((await world.browser().call('GET /branding.css')).text).toBe('')
    const saved = await put({
      name: ' Visio  du Ministère ',
      accentLight: '#000091',
      accentDark: '#8585F6',
      footer: 'Ministère',
      footerLink: 'https://www.example.org/legal',
    })
    expect(saved.status).toBe(200)
    expect(await status()).toMatchObject({ name: 'Visio du Ministère', accentDark: '#8585f6' })
    const css = await world.browser().call('GET /branding.css')
    expect(css.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(css.headers.get('cache-control')).toBe('no-cache')
    expect(css.text).toContain('--accent:light-dark(#000091,')
    expect(css.text).not.toMatch(/danger|warning|success/)
    const wording = (await admin.call('GET /api/admin/letters')).body.letters as {
      kind: string
      wording: object
    }[]
    const { body } = await admin.call(
      'POST /api/admin/letters/:id/preview',
      { language: 'fr', wording: wording.find(({ kind }) => kind === 'welcome')!.wording },
      { id: 'welcome' },
    )
    expect(body.subject).toBe('Votre compte Visio du Ministère')
    expect(body.html).toContain('background:#000091;color:#ffffff')
    expect(body.text).toContain('Ministère\nhttps://www.example.org/legal')
    // The sender’s name is the mail’s.
    expect(body.from).toBe('Huisclos <no-reply@meet.example.org>')
  })

  it.each([
    [{ name: 'x'.repeat(81) }, 'name', 'This text has at most 80 characters.'],
    [{ accentLight: 'red' }, 'accentLight', 'A colour is written as #rrggbb.'],
    [{ accentLight: '#fff;}body{x:url(//evil)' }, 'accentLight', 'A colour is written as #rrggbb.'],
    [
      { accentLight: '#ffcc00' },
      'accentLight',
      'The colour has a contrast of 1.2:1 on the light page, and needs 3:1: choose a darker one.',
    ],
    [
      { accentDark: '#000091' },
      'accentDark',
      'The colour has a contrast of 1.1:1 on the dark page, and needs 3:1: choose a lighter one.',
    ],
    [{ footer: 'x'.repeat(201) }, 'footer', 'This text has at most 200 characters.'],
    ...[
      'http://example.org',
      'javascript:alert(1)',
      'https://a:b@example.org/',
      'example.org',
      `https://example.org/${'x'.repeat(300)}`,
    ].map(
      (footerLink) =>
        [
          { footerLink },
          'footerLink',
          'A link is a whole address that begins with https://.',
        ] as const,
    ),
  ] as const)('M %o is refused, in a sentence', async (body, field, message) => {
    const answer = await put(body)
    expect([answer.status, answer.body]).toEqual([400, { code: 'bad-request', field, message }])
  })

  it('names without what nobody sees, so that none begins another header', async () => {
    const { body } = await put({ name: 'A\r\nBcc: x@example.org\u202e' })
    expect(body.value.name).toBe('A Bcc: x@example.org')
  })
})

it.each(['', '\u200b', '\u2800'])(
  'U3 the name %j, of which nothing is seen, is put back to the shipped one',
  async (name) => {
    expect((await put({ name: 'Visio' })).status).toBe(200)
    const saved = await put({ name })
    expect(saved.body).toMatchObject({ value: { name: 'Huisclos' } })
    expect(await status()).toMatchObject({ name: 'Huisclos' })
  },
)

describe('the logo', () => {
  it('is served to anybody under a name that says what is in it, for as long as it is in use', async () => {
    const { body } = await upload(png(1000))
    const path = String(body.branding.logo)
    expect(path).toMatch(/^\/branding\/[\w-]{43}\.png$/)
    expect(await status()).toMatchObject({ logo: path })
    const served = await fetch(world.base + path)
    expect(Buffer.from(await served.arrayBuffer())).toEqual(png(1000))
    expect(Object.fromEntries(served.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
    })
    await upload(png(1001))
    expect((await fetch(world.base + path)).status).toBe(404)
    const removed = await admin.call('POST /api/admin/branding/logo/delete', {})
    expect(removed.body.branding.logo).toBeNull()
    const audit = await admin.call('GET /api/admin/audit?action=setting-changed')
    expect(audit.body.entries).toHaveLength(3)
    expect(audit.body.entries).toContainEqual(
      expect.objectContaining({
        object: { kind: 'setting', id: 'branding', name: 'branding' },
        details: { changed: ['logo'] },
      }),
    )
  })

  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ['SVG that calls itself PNG', Buffer.from('<svg/>'), 'image/png'],
    ['a huge picture in a small file', png(0, 2049), 'image/png'],
    ['a picture without width', png(0, 0), 'image/png'],
  ])('B %s is refused in a sentence', async (_, bytes, type) => {
    const { status: code, body } = await upload(bytes, { 'content-type': type })
    expect([code, body.code]).toEqual([400, 'invalid-logo'])
    expect(body.message).toMatch(/^A logo is .*SVG is not taken, because it can hold programs/)
    expect(await status()).toMatchObject({ logo: null })
  })

  it('B is at most 256 KiB', async () => {
    expect((await upload(png(LOGO_MAX_BYTES - png().length))).status).toBe(200)
    expect((await upload(png(LOGO_MAX_BYTES - png().length + 1))).body.code).toBe('too-large')
  })

  it('T8 is changed by administrators only, from our own pages only', async () => {
    const { browser } = await world.person('ida@example.org', 'organiser')
    expect((await upload(png(), {}, browser)).body.code).toBe('not-allowed')
    expect((await upload(png(), {}, world.browser())).body.code).toBe('signed-out')
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }])
      expect((await upload(png(), headers)).body.code).toBe('wrong-origin')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await upload(png(), { 'content-type': type })).body.code).toBe('bad-request')
    expect((await upload(png(), { 'content-encoding': 'gzip' })).body.code).toBe('bad-request')
    expect(await status()).toMatchObject({ logo: null })
  })

  it('no other route takes a picture', async () => {
    const headers = { 'content-type': 'image/png' }
    const { body } = await admin.call('POST /api/auth/logout', undefined, { headers, raw: 'x' })
    expect(body.code).toBe('bad-request')
  })
})
