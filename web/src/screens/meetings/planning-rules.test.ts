import { describe, expect, it } from 'vitest'
import { planningRules, possibleDurations, type OwnPolicy } from './planning-rules.ts'

const switches = {
  messages: true,
  durationMin: 240,
  participants: 500,
  invitations: 300,
  aheadDays: 731,
  suite: 1,
  ownLink: false,
  attendance: false,
}
const own = (name: 'durationMin' | 'ownLink' | 'organise', value: number | boolean) => ({
  name,
  value,
  groups: [],
})
const policy = (more: Partial<OwnPolicy> = {}): OwnPolicy => ({
  preset: 'standard',
  invitable: null,
  profiles: [{ name: 'standard', switches, mark: null }],
  switches: [own('durationMin', 1440), own('ownLink', false), own('organise', true)],
  ...more,
})

describe('what one may plan', () => {
  it('is the stricter of profile and groups', () => {
    const free = { durationMin: 240, ownLink: false, organise: true }
    expect(planningRules(policy(), 'standard')).toEqual(free)
    const strict = [own('durationMin', 30), own('ownLink', true), own('organise', false)]
    expect(planningRules(policy({ switches: strict }), 'standard')).toEqual({
      durationMin: 30,
      ownLink: true,
      organise: false,
    })
  })

  it('U1 leaves a duration to choose, however short the longest is', () => {
    const all = [15, 30, 60].map((value) => ({ value: String(value), label: '' }))
    const values = (max: number) => possibleDurations(all, max).map(({ value }) => value)
    expect([values(45), values(1440), values(5)]).toEqual([['15', '30'], ['15', '30', '60'], ['5']])
  })
})
