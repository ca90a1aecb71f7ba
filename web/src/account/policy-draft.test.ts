import { describe, expect, it } from 'vitest'
import { draftOf, readDraft } from './policy-draft.ts'

describe('switches as they are typed', () => {
  it('come back as they were', () => {
    const values = { organise: false, ownLink: true, participants: 50, suite: 2 }
    expect(readDraft(draftOf(values), 'restrictions')).toEqual({ values, failures: [] })
  })

  it('restrict nothing where nothing is typed', () => {
    expect(readDraft({ messages: '', durationMin: '  ' }, 'restrictions').values).toEqual({})
  })

  it.each(['1', '1001', '-5', '2.5', '5e1', 'many', '٥'])('U1 %s people are no limit', (text) => {
    const { failures } = readDraft({ participants: text }, 'restrictions')
    expect(failures.map(({ code, field }) => [code, field])).toEqual([
      ['not-in-range', 'restrictions.participants'],
    ])
  })
})
