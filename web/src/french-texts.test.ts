/** What French texts must not do, whoever writes the next one. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const texts = ['fr', 'call.fr'].flatMap((name) => {
  const path = resolve(import.meta.dirname, `../messages/${name}.json`)
  return Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)
})

it('no name follows a word that would have to be elided before it, as in “d’Ada”', () => {
  const before =
    /(?:\b|[^\p{L}])(?:de|que|le|la|je|ne|se|ce|lorsque|puisque|jusque) \{(?:name|names)\}/iu
  expect(texts.filter(([, text]) => before.test(JSON.stringify(text)))).toEqual([])
})
