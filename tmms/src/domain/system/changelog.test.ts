import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readChangelog } from './changelog.ts'

test('each version has its entries, without the signs of Markdown', () => {
  const text = `# Changelog

## Unreleased
- **Security:** floods cost
  others nothing ([docs](docs/x.md)).
- Start with \`npm start\`, **now**.

## 0.1.0 (2026-03-03)
- First.
`
  expect(readChangelog(text)).toEqual([
    {
      version: null,
      changes: [
        { security: true, text: 'floods cost others nothing (docs).' },
        { security: false, text: 'Start with npm start, now.' },
      ],
    },
    { version: '0.1.0 (2026-03-03)', changes: [{ security: false, text: 'First.' }] },
  ])
  expect(readChangelog('')).toEqual([])
})

test('the list that comes with the product is read whole', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../CHANGELOG.md'), 'utf8')
  const entries = readChangelog(text).flatMap(({ changes }) => changes)
  expect(entries).toHaveLength(text.split(/^- /m).length - 1)
  for (const { text: entry } of entries) expect(entry).toMatch(/^\S[^*`]+[.)]$/)
})
