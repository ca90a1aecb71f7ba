/** An administrator words a mail and gives the installation a name, colours and a logo; visitors see them. */
import { deflateSync, crc32 } from 'node:zlib'
import { obeys } from './axe.ts'
import { admin, call, pageOf } from './people.ts'
import { expect, test } from './setup.ts'
import { HuisclosServer } from './server.ts'

test('an administrator words a mail, brands the installation, and visitors see it', async ({
  browsers,
  thisBrowser,
}) => {
  // Its looks are for nobody else's tests.
  const server = await HuisclosServer.start()
  const person = await admin(server)
  const { page, context } = await pageOf(browsers[thisBrowser], person)
  await page.goto(`${server.origin}/admin/letters`)
  await obeys(page)
  await page.getByRole('link', { name: 'Account link' }).click()
  await expect(page.getByRole('heading', { name: 'Account link', level: 1 })).toBeVisible()
  const text = page.getByLabel('Text in English')
  await text.fill('Dear colleague,\n\ncome to {installation}, {nickname}.')
  await page.getByLabel('Subject in English').fill('Come to {installation}')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(text).toHaveAccessibleDescription(/Text in English: the placeholder \{nickname\}/)
  await expect(text).toBeFocused()
  await text.fill('Dear colleague,\n\ncome to <b>{installation}</b>.')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(text).toHaveAccessibleDescription(/\{link\} is missing/)
  await text.fill('Dear colleague,\n\ncome to <b>{installation}</b>.\n\n{link}')
  await page.getByRole('button', { name: 'Show the preview' }).click()
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview.getByText('come to <b>Huisclos</b>.').first()).toBeVisible()
  const button = preview.getByText('Activate my account', { exact: true })
  await expect(button).toHaveCSS('background-color', 'rgb(11, 85, 99)')
  await obeys(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved. Mails say this from now on.')).toBeVisible()

  await page.getByRole('link', { name: 'Looks' }).click()
  await page.getByLabel('Name of the installation').fill('Visio of the ministry')
  await page.getByLabel('Colour on light pages').fill('#ffcc00')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByLabel('Colour on light pages')).toHaveAccessibleDescription(
    /Contrast 1\.2:1 with the page, and 3:1 is needed: choose a darker colour/,
  )
  await page.getByLabel('Colour on light pages').fill('#000091')
  await page.getByLabel('Link at the end').fill('https://www.example.org/legal')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved. Everybody sees it')).toBeVisible()
  await expect(page).toHaveTitle('Looks – Visio of the ministry')
  await page.getByLabel('Picture').setInputFiles(file('logo.svg', Buffer.from('<svg/>')))
  await page.getByRole('button', { name: 'Use this picture' }).click()
  await expect(page.getByLabel('Picture')).toHaveAccessibleDescription(/SVG is not taken/)
  await page.getByLabel('Picture').setInputFiles(file('logo.png', picture()))
  await page.getByRole('button', { name: 'Use this picture' }).click()
  await expect(page.getByText('The logo is in use.')).toBeVisible()
  await obeys(page)
  await context.close()

  const visitor = await browsers[thisBrowser].newContext({ ignoreHTTPSErrors: true })
  const out = await visitor.newPage()
  await out.goto(`${server.origin}/sign-in`)
  await expect(out.getByRole('link', { name: 'Visio of the ministry' })).toBeVisible()
  const logo = out.locator('header img')
  await expect.poll(() => logo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64)
  await expect(out.getByRole('button', { name: 'Sign in' })).toHaveCSS(
    'background-color',
    'rgb(0, 0, 145)',
  )
  await expect(out.getByRole('link', { name: 'www.example.org' })).toBeVisible()
  await obeys(out)
  const invited = { email: 'new@example.org', role: 'user', language: 'en' }
  await call(server, 'POST /api/admin/accounts', invited, person.cookies)
  const mail = await server.mailFor('new@example.org')
  expect(mail.subject).toBe('Come to Visio of the ministry')
  expect(mail.html).toContain('come to &lt;b&gt;Visio of the ministry&lt;/b&gt;.')
  await visitor.close()
  await server.end()
})

function file(name: string, buffer: Buffer) {
  return { name, mimeType: name.endsWith('svg') ? 'image/svg+xml' : 'image/png', buffer }
}

/** A PNG of 64 by 32 pixels, all of one grey (PNG third edition, section 5). */
function picture(): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(64, 0)
  head.writeUInt32BE(32, 4)
  head[8] = 8
  const rows = deflateSync(Buffer.alloc((64 + 1) * 32))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))],
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
