/** What administrators learn about what runs. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TcsState } from '../contract/system.ts'
import type { ProductFiles } from '../domain/system/system.ts'
import type { Browser } from '../../test/browser.ts'
import { START, openWorld, type World } from '../../test/world.ts'

const running: ProductFiles = { version: '0.1.0', changelog: '## 0.1.0\n- First.\n' }
const TCS: TcsState = {
  origin: 'https://tcs.example.org',
  version: '0.1.0',
  since: new Date(START).toISOString(),
  rooms: 1,
  peers: 3,
  workers: { running: 1, wanted: 2 },
  certificate: { endsAt: new Date(START).toISOString(), daysLeft: -1 },
}

let world: World
let admin: Browser
let disk: ProductFiles | null
beforeEach(async () => {
  disk = running
  world = await openWorld({
    system: { running, onDisk: () => Promise.resolve(disk), tcsState: () => [TCS] },
  })
  admin = await world.administrator()
})
afterEach(() => world.close())

const beside = async () => (await admin.call('GET /api/admin/system')).body.beside as unknown

test('the version that runs, its changes, and the state of each TCS', async () => {
  world.clock.nowMs += 60_000
  expect((await admin.call('GET /api/admin/system')).body).toEqual({
    version: '0.1.0',
    since: new Date(START).toISOString(),
    beside: null,
    changes: [{ version: '0.1.0', changes: [{ security: false, text: 'First.' }] }],
    servers: [TCS],
  })
})

test('another version on the disk is told, also one between two releases', async () => {
  disk = { ...running, version: '0.2.0' }
  expect(await beside()).toBe('0.2.0')
  disk = { ...running, changelog: `## Unreleased\n- Second.\n${running.changelog}` }
  expect(await beside()).toBe('0.1.0')
})

test('files that are just being replaced are nothing to tell of', async () => {
  disk = null
  expect(await beside()).toBe(null)
})
