import { expect, it } from 'vitest'
import { bannersOf, foremost, type NamedNotice } from './banners.ts'

const list = (names: readonly string[]): string => names.join(' and ')

function notice(code: string, name: string | null, more: Partial<NamedNotice> = {}): NamedNotice {
  const id = `${code} ${name ?? ''}`
  return {
    notice: { id, code, memberId: name, name, by: null },
    ...{ name, by: null, own: false },
    ...more,
  }
}

it('several people outside a locked meeting are one line, and put away together', () => {
  const banners = bannersOf(
    [notice('kept-out-locked', 'Ada'), notice('kept-out-locked', 'Grace')],
    list,
  )
  expect(banners).toHaveLength(1)
  expect(banners[0]?.text).toMatch(/^Ada and Grace/)
  expect(banners[0]?.dismisses).toEqual(['kept-out-locked Ada', 'kept-out-locked Grace'])
})

it('two accounts of one name are named once', () => {
  const banners = bannersOf([notice('E_JKT', 'Ada'), notice('E_JKT', 'Ada')], list)
  expect(banners[0]?.text).toMatch(/^Ada is kept out/)
  expect(banners[0]?.code).toBe('E_JKT')
})

it('what different people did are different lines', () => {
  const by = (who: string): NamedNotice => notice('removed', 'Ada', { by: who })
  expect(bannersOf([by('Grace'), by('Hedy')], list)).toHaveLength(2)
})

it('never more than two lines, the weightiest first', () => {
  const banners = bannersOf(
    [notice('locked', 'Ada'), notice('kept-out-locked', 'Grace'), notice('E_JKT', 'Hedy')],
    list,
  )
  const { shown, hidden } = foremost(banners, false)
  expect(shown.map(({ code }) => code)).toEqual(['E_JKT'])
  expect(hidden).toBe(2)
  expect(foremost(banners, true).shown).toHaveLength(3)
  expect(foremost(banners.slice(0, 2), false)).toMatchObject({ hidden: 0 })
})
