import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from '../tmms/test/world.ts'

let folder: string
const files = { export: '', altered: '', key: '', checkpoint: '' }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'))
  const world = await openWorld()
  const admin = await world.administrator()
  const state = (await admin.call('GET /api/admin/audit/state')).body as Record<string, string>
  const { text } = await admin.call('GET /api/admin/audit/export')
  await world.close()
  const contents = {
    export: text,
    altered: text.replace('"setup"', '"sign-in"'),
    key: `${state['key'] ?? ''}\n`,
    checkpoint: state['checkpoint'] ?? '',
  }
  for (const name of Object.keys(contents) as (keyof typeof contents)[]) {
    files[name] = join(folder, name)
    writeFileSync(files[name], contents[name])
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function verify(...args: readonly string[]) {
  const root = join(import.meta.dirname, '..')
  const { status, stdout, stderr } = spawnSync(process.execPath, ['audit-verify.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return [status, stdout + stderr]
}

test('an export is verified without the server, and the exit code says how it went', () => {
  const sound = verify(files.export, '--key', files.key, '--checkpoint', files.checkpoint)
  expect(sound).toEqual([
    0,
    expect.stringMatching(/^All \d+ entries of meet\.example\.org:8443\/audit are as/),
  ])
  expect(verify(files.altered, '--key', files.key)).toEqual([1, expect.stringContaining('Line ')])
  expect(verify(files.export)).toEqual([3, expect.stringContaining('only --key can tell')])
})

test('a wrong call is answered with what to type', () => {
  for (const args of [[], [files.export, files.export], [files.export, '--kay', files.key]]) {
    expect(verify(...args)).toEqual([
      2,
      expect.stringContaining('npm run audit:verify -- export.jsonl'),
    ])
  }
  expect(verify(files.export, '--key', files.export)).toEqual([
    2,
    expect.stringContaining('no public key'),
  ])
  expect(verify(join(folder, 'nothing'))).toEqual([2, expect.stringContaining('ENOENT')])
})
