/** What French texts must not do, whoever writes the next one. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const texts = ['fr', 'call.fr'].flatMap((name) => {
  const path = resolve(import.meta.dirname, `../messages/${name}.json`)
  return Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)
})

it('signs with a space before or behind stand with a no-break one, so that none hangs alone on a line', () => {
  const loose = / [:;?!»]|« |[^\u00a0:;?!»/][:;?!»](?=\s|$)|«(?!\u00a0)/u
  const said = texts.flatMap(([name, text]) => strings(text).map((one) => [name, one] as const))
  expect(said.filter(([, one]) => loose.test(one))).toEqual([])
})

it('no participle takes the gender of a name, as in “Élodie est arrivé”', () => {
  const gendered = /\{names?\} (?:est|était|sera|s’est) (?!en )\p{L}+(?:é|i|u|is|it)(?!\p{L})/iu
  expect(texts.filter(([, text]) => gendered.test(JSON.stringify(text)))).toEqual([])
})

it('no name follows a word that would have to be elided before it, as in “d’Ada”', () => {
  const before =
    /(?:\b|[^\p{L}])(?:de|que|le|la|je|ne|se|ce|lorsque|puisque|jusque) \{(?:name|names)\}/iu
  expect(texts.filter(([, text]) => before.test(JSON.stringify(text)))).toEqual([])
})

/** The sentences of a text, whatever its forms for one and for many. */
function strings(text: unknown): readonly string[] {
  if (typeof text === 'string') return [text]
  if (Array.isArray(text)) return text.flatMap(strings)
  const { match } = text as { readonly match?: Readonly<Record<string, string>> }
  return match === undefined ? [] : Object.values(match)
}
