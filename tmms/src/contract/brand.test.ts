import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contrast } from './colour.ts'
import {
  accentContrast,
  accentTokens,
  BRAND_GROUNDS,
  SHIPPED_ACCENTS,
  THEMES,
  writeRatio,
} from './brand.ts'

describe('the colour of a brand', () => {
  it.each([
    ['#0b5563', 'light', true],
    ['#000091', 'light', true],
    ['#e1000f', 'light', true],
    ['#ffcc00', 'light', false],
    ['#ffffff', 'light', false],
    ['#74c6d3', 'dark', true],
    ['#ffcc00', 'dark', true],
    ['#000091', 'dark', false],
    ['#000000', 'dark', false],
  ] as const)('%s on %s pages is enough: %s', (colour, theme, enough) => {
    expect(accentContrast(colour, theme).enough).toBe(enough)
  })

  it('what is refused is never said to be enough', () => {
    expect(writeRatio(2.999)).toBe('2.9')
    expect(writeRatio(3)).toBe('3.0')
  })

  /** Every accent that is allowed, in steps. */
  const steps = ['00', '33', '66', '99', 'cc', 'ff']
  const colours = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `#${r}${g}${b}`)))

  it.each(THEMES)('words on it, and links in it, can be read, on %s pages', (theme) => {
    for (const colour of colours.filter((one) => accentContrast(one, theme).enough)) {
      const tokens = new Map(accentTokens({ light: colour, dark: colour }))
      const of = (name: string): string => {
        const [light = '', dark = ''] = tokens.get(name)?.match(/#[0-9a-f]{6}/g) ?? []
        return theme === 'light' ? light : dark
      }
      for (const fill of ['--accent', '--accent-strong'])
        expect(contrast(of(fill), of('--on-accent'))).toBeGreaterThanOrEqual(4.5)
      for (const ground of [...BRAND_GROUNDS[theme], of('--accent-soft')])
        expect(contrast(of('--accent-text'), ground)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('touches no colour of warnings, alarms and good news', () => {
    const names = accentTokens(SHIPPED_ACCENTS).map(([name]) => name)
    expect(names.toSorted()).toEqual([
      '--accent',
      '--accent-soft',
      '--accent-strong',
      '--accent-text',
      '--focus',
      '--on-accent',
    ])
  })

  it('stands on the grounds of the pages’ own tokens, and is theirs as it comes', () => {
    const file = join(import.meta.dirname, '../../../web/src/style/tokens.css')
    const tokens = readFileSync(file, 'utf8')
    const value = (name: string): string[] =>
      new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)?.slice(1) ?? []
    const grounds = ['surface', 'page', 'surface-sunken'].map(value)
    expect(grounds.map(([light]) => light)).toEqual(BRAND_GROUNDS.light)
    expect(grounds.map(([, dark]) => dark)).toEqual(BRAND_GROUNDS.dark)
    expect(value('accent')).toEqual([SHIPPED_ACCENTS.light, SHIPPED_ACCENTS.dark])
  })
})
