import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, it, vi } from 'vitest'
import { openWorld, type World } from '../../test/world.ts'

let world: World
afterEach(async () => {
  vi.restoreAllMocks()
  await world.close()
})

/** Lets the database of this world grow no further, or again. */
async function fillDisk(): Promise<(pages: number) => void> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  await world.browser().call('GET /api/status')
  await world.browser().signIn('nobody@example.org')
  const [database] = prepare.mock.contexts as DatabaseSync[]
  prepare.mockRestore()
  const grow = (pages: number): void => database!.exec(`PRAGMA max_page_count = ${pages}`)
  grow(1)
  return grow
}

it('O5 on a full disk every route that writes says so in words, and goes on when there is room', async () => {
  world = await openWorld()
  const admin = await world.administrator()
  const grow = await fillDisk()
  const codes = new Set<string>()
  const told = async (answer: Promise<{ status: number; body: { code?: string } | null }>) => {
    const { status, body } = await answer
    codes.add(`${status} ${body?.code ?? ''}`.trim())
  }
  for (let n = 0; n < 60; n += 1) {
    const body = { name: `group ${n}`, domains: [], restrictions: {} }
    await told(admin.call('POST /api/admin/groups', body))
    const account = { email: `a${n}@example.org`, role: 'user', language: 'en' }
    await told(admin.call('POST /api/admin/accounts', account))
    await told(admin.call('GET /api/admin/audit/export'))
    await told(world.browser().signIn('root@example.org'))
  }
  expect([...codes].sort()).toEqual(['200', '503 unavailable'])
  expect(world.logLines.join('')).not.toContain('unexpected failure')
  expect((await admin.call('GET /api/admin/accounts')).status).toBe(200)
  grow(1_000_000)
  const account = { email: 'late@example.org', role: 'user', language: 'en' }
  expect((await admin.call('POST /api/admin/accounts', account)).status).toBe(200)
})
