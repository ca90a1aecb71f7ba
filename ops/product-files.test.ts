import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { productAtStart, productOnDisk } from './product-files.ts'
import { systemSource } from './system-source.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'product-'))
  writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3"}')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('version and list of changes are read anew each time', async () => {
  writeFileSync(join(folder, 'CHANGELOG.md'), 'old')
  expect(productAtStart(folder)).toEqual({ version: '1.2.3', changelog: 'old' })
  writeFileSync(join(folder, 'package.json'), '{"version":"1.3.0"}')
  expect(await productOnDisk(folder)).toEqual({ version: '1.3.0', changelog: 'old' })
})

test('a start needs no list of changes, and a half copied version is none', async () => {
  expect(productAtStart(folder)).toEqual({ version: '1.2.3', changelog: '' })
  expect(await productOnDisk(folder)).toBe(null)
  writeFileSync(join(folder, 'CHANGELOG.md'), 'new')
  writeFileSync(join(folder, 'package.json'), '{"versi')
  expect(await productOnDisk(folder)).toBe(null)
})

test('administrators are told of the TCS in this process, and of its certificate', () => {
  const certificate = { endsAt: '2026-03-03T10:00:00.000Z', daysLeft: 3 }
  const { running, tcsState } = systemSource({
    folder,
    origin: 'https://meet.example.org',
    workers: 4,
    certificate: { end: () => certificate },
    counters: () => ({ rooms: 1, peers: 2, workers: 3 }),
  })
  expect(running.version).toBe('1.2.3')
  expect(tcsState()).toEqual([
    expect.objectContaining({
      ...{ origin: 'https://meet.example.org', version: '1.2.3', rooms: 1, peers: 2, certificate },
      workers: { running: 3, wanted: 4 },
    }),
  ])
})
