/** docs/audit.md names every action, and none that is gone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AUDIT_ACTIONS } from './audit.ts'

test('docs/audit.md has a row for every action, in the order of the contract', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/audit.md'), 'utf8')
  const table = page.slice(page.indexOf('| action |'), page.indexOf('## Checking it'))
  const rows = [...table.matchAll(/^\| `([a-z-]+)` \| \S/gm)].map(([, action]) => action)
  expect(rows).toEqual([...AUDIT_ACTIONS])
})
