/** What every page and worker is served with, and that none of them asks anybody else for anything. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { admin, meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'

test('B1 B2 pages and worker scripts carry the strict headers', ONCE, async ({ server }) => {
  const assets = readdirSync(resolve(import.meta.dirname, '../dist/assets'))
  const workers = assets.filter((name) => /^(worker|password)-.*\.js$/.test(name))
  expect(workers.length).toBeGreaterThanOrEqual(2)
  for (const path of ['/', '/sign-in', '/j/none', ...workers.map((name) => `/assets/${name}`)]) {
    const { headers, status } = await fetch(`${server.origin}${path}`)
    expect(status, path).toBe(200)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy, path).toContain("default-src 'none'")
    expect(policy, path).toContain("require-trusted-types-for 'script'")
    expect(policy, path).toContain("frame-ancestors 'none'")
    expect(policy, path).not.toContain('unsafe-inline')
    expect(policy, path).not.toContain("'unsafe-eval'")
    expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy'), path).toBe('require-corp')
    expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin')
    expect(headers.get('referrer-policy'), path).toBe('no-referrer')
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('strict-transport-security'), path).toMatch(/max-age=\d{8}/)
    expect(headers.get('permissions-policy'), path).toContain('camera=(self)')
    expect(headers.get('x-powered-by'), path).toBeNull()
  }
})

test('no page asks another origin for anything, and none breaks its own policy', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const { link } = await meetingOf(server, 1)
  const { page, context } = await pageOf(browsers[thisBrowser], await admin(server))
  const foreign: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    const local = url.origin === server.origin || ['data:', 'blob:'].includes(url.protocol)
    if (!local) foreign.push(request.url())
  })
  page.on('console', (message) => {
    if (/content.security.policy|permissions.policy|trusted.?type/i.test(message.text()))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  for (const path of ['/', '/admin/users', '/meetings/new', '/sign-in', new URL(link).pathname]) {
    await page.goto(`${server.origin}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  expect(foreign).toEqual([])
  expect(complaints).toEqual([])
  await context.close()
})
