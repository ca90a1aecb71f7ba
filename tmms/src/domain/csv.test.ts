import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Language } from '../contract/accounts.ts'
import { wallClock, writeCsv } from './csv.ts'

const LANGUAGES = ['en', 'fr'] as const
const FORMULA = /^[\s"]*[=+\-@\t\r＝＋－＠﹦﹢﹣﹫]/u
const nasty = fc.string({
  unit: fc.constantFrom(...Array.from(',;|\t\r\n"\' =+-@＝﹦a'), 'HYPERLINK(1)'),
  maxLength: 20,
})
const table = fc.array(fc.array(nasty, { minLength: 3, maxLength: 3 }), { minLength: 1 })

it('U3 no cell begins as a formula, whichever sign the spreadsheet parts columns by', () => {
  fc.assert(
    fc.property(table, fc.constantFrom<Language>(...LANGUAGES), (rows, language) => {
      const text = writeCsv(rows, language).slice(1)
      for (const separator of [',', ';', '\t', '|', /\r|\n/u]) {
        for (const line of text.split(/\r\n/u)) {
          for (const cell of line.split(separator)) expect(cell).not.toMatch(FORMULA)
        }
      }
    }),
  )
})

it('U3 a name with a formula between other separators is text', () => {
  const [, row] = writeCsv([['Name'], ["a,=HYPERLINK('http://x'),b"]], 'fr').split('\r\n')
  expect(row).toBe(`"a,'=HYPERLINK('http://x'),b"`)
})

it('U3 columns are parted as spreadsheets of the language read them, in quotes always', () => {
  const rows = [
    ['a', ''],
    ['"b;c"', 'd,e'],
  ]
  expect(writeCsv(rows, 'fr')).toBe('\ufeff"a";""\r\n"""b;c""";"d,e"\r\n')
  expect(writeCsv(rows, 'en')).toBe('\ufeff"a",""\r\n"""b;c""","d,e"\r\n')
})

it('each row is one line, and what is harmless is read back as it was', () => {
  expect(writeCsv([['a\r\nb\tc']], 'en')).toBe('\ufeff"a b c"\r\n')
  const harmless = fc.string({ unit: fc.constantFrom(...Array.from(',;" \'aé1')), maxLength: 20 })
  fc.assert(
    fc.property(fc.array(harmless, { minLength: 2, maxLength: 2 }), (row) => {
      const cells = writeCsv([row], 'fr').matchAll(/"((?:[^"]|"")*)"[;\r]/gu)
      expect(Array.from(cells, ([, cell = '']) => cell.replaceAll('""', '"'))).toEqual(row)
    }),
  )
})

it('times are those of a clock in the zone', () => {
  expect(wallClock(Date.UTC(2026, 6, 1, 22, 0, 5), 'Europe/Paris')).toBe('2026-07-02 00:00:05')
})
