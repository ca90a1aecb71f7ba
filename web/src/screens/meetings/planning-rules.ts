/** What one may plan: the strictest of the chosen profile and the own groups, as far as a form shows it. */
import type { OfferedProfile } from '@huisclos/tmms/contract/groups'
import type { Reply } from '@huisclos/tmms/contract/routes'
import type { ProfileName } from '@huisclos/tmms/contract/switches'
import { wordDuration } from '../../account/dates.ts'

export type OwnPolicy = Reply<'GET /api/policy'>

export interface PlanningRules {
  readonly durationMin: number
  readonly ownLink: boolean
  readonly organise: boolean
}

export function planningRules(
  { switches, profiles }: OwnPolicy,
  chosen: ProfileName,
): PlanningRules {
  const profile: OfferedProfile | undefined = profiles.find(({ name }) => name === chosen)
  const own = (name: string) => switches.find((one) => one.name === name)?.value
  return {
    durationMin: Math.min(profile?.switches.durationMin ?? Infinity, Number(own('durationMin'))),
    ownLink: (profile?.switches.ownLink ?? false) || own('ownLink') === true,
    organise: own('organise') !== false,
  }
}

interface Duration {
  readonly value: string
  readonly label: string
}

/** Those within the limit; the limit itself when it is below all of them. */
export function possibleDurations(
  durations: readonly Duration[],
  maxMin: number,
): readonly Duration[] {
  const within = durations.filter(({ value }) => Number(value) <= maxMin)
  return within.length > 0 ? within : [{ value: String(maxMin), label: wordDuration(maxMin) }]
}
