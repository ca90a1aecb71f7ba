import { describe, expect, it } from 'vitest'
import { SWITCHES, type SwitchRow } from '../../contract/switches.ts'
import { explain, fits, loosest, signed, strictest } from './rules.ts'

const half = { open: true, standard: true, restricted: false }
const numbers = { open: 100, standard: 100, restricted: 10 }
/** The line that whoever builds the sharing of screens would add. */
const share = { kind: 'allowed', holds: 'token', defaults: half } as const
const table = {
  chat: { kind: 'allowed', holds: 'token', defaults: half },
  badge: { kind: 'required', holds: 'planning', defaults: half },
  guests: { kind: 'limit', holds: 'token', min: 2, max: 100, defaults: numbers },
  suite: { kind: 'floor', holds: 'session', min: 1, max: 3, defaults: numbers },
} as const satisfies Readonly<Record<string, SwitchRow>>

describe('of several values of one switch', () => {
  it('the strictest wins, in whatever order they come', () => {
    const one = { chat: true, badge: false, guests: 50, suite: 2 }
    const other = { chat: false, badge: true, guests: 20, suite: 1 }
    const both = { chat: false, badge: true, guests: 20, suite: 2 }
    expect(strictest(table, [one, other])).toEqual(both)
    expect(strictest(table, [other, {}, one])).toEqual(both)
  })

  it('nothing is restricted by nobody', () => {
    const free = { chat: true, badge: false, guests: 100, suite: 1 }
    expect(strictest(table, [])).toEqual(free)
    expect(Object.values(table).map(loosest)).toEqual(Object.values(free))
  })

  it('those who gave the strictest are named, and nobody where nothing is restricted', () => {
    const sources = [
      { name: 'Trainees', restrictions: { chat: false, guests: 20 } },
      { name: 'Guests', restrictions: { guests: 20, suite: 1 } },
      { name: 'Partners', restrictions: { guests: 50 } },
    ]
    expect(explain(table, sources)).toEqual([
      { name: 'chat', value: false, groups: ['Trainees'] },
      { name: 'badge', value: false, groups: [] },
      { name: 'guests', value: 20, groups: ['Trainees', 'Guests'] },
      { name: 'suite', value: 1, groups: [] },
    ])
  })

  it.each([
    [table.chat, false, true, false],
    [table.chat, true, true, true],
    [table.badge, true, false, false],
    [table.badge, true, true, true],
    [table.badge, false, true, true],
    [table.guests, 20, 20, true],
    [table.guests, 20, 21, false],
    [table.suite, 2, 1, false],
    [table.suite, 2, 3, true],
  ])('%j: while %j is allowed, whether %j may be is %j', (row, allowed, wanted, may) => {
    expect(fits(row, allowed, wanted)).toBe(may)
  })
})

describe('one line more', () => {
  const longer = { ...table, share }

  it('is combined, explained and signed like every other', () => {
    const sources = [{ name: 'Trainees', restrictions: { share: false } }]
    expect(strictest(longer, [])['share']).toBe(true)
    expect(explain(longer, sources).at(-1)).toEqual({
      name: 'share',
      value: false,
      groups: ['Trainees'],
    })
    expect(signed(longer, strictest(longer, [{ share: false }]))).toEqual({
      chat: true,
      guests: 100,
      share: false,
    })
  })
})

describe('the table of switches', () => {
  it.each(Object.entries<SwitchRow>(SWITCHES))(
    '%s is never stricter in an opener profile',
    (_, row) => {
      const { open, standard, restricted } = row.defaults
      expect(fits(row, open, standard)).toBe(true)
      expect(fits(row, standard, restricted)).toBe(true)
    },
  )
})
