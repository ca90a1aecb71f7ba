/** What the policy says about each member of a plan. A switch that holds at planning has a line here. */
import { SWITCHES } from '../../contract/switches.ts'
import type { InvitingRules, PlanningRules } from './meetings.ts'
import { requireWithin } from './meetings.ts'
import { loosest } from './rules.ts'

const DAY_MS = 24 * 3_600_000

/** @throws {TmmsError} `restricted` at `startsAt`. */
export function withinAhead({ values }: InvitingRules, startsAt: number, nowMs: number): number {
  const wanted = Math.ceil(Math.max(0, startsAt - nowMs) / DAY_MS)
  requireWithin('aheadDays', values.aheadDays, { wanted, field: 'startsAt' })
  return startsAt
}

/** @throws {TmmsError} `restricted` at `durationMin`. */
export function withinDuration({ values }: InvitingRules, durationMin: number): number {
  requireWithin('durationMin', values.durationMin, { wanted: durationMin })
  return durationMin
}

/** @param invited everybody who is then invited. @throws {TmmsError} `restricted` at `invited`. */
export function withinInvited<T>({ values }: InvitingRules, invited: readonly T[]): readonly T[] {
  const wanted = invited.length
  requireWithin('invitations', values.invitations, { wanted, field: 'invited' })
  return invited
}

/** @throws {TmmsError} `restricted` at `ownLink`. */
export function withinLinks({ values }: InvitingRules, ownLink: boolean): 0 | 1 {
  requireWithin('ownLink', values.ownLink, { wanted: ownLink })
  return ownLink ? 1 : 0
}

/** What is kept with a meeting: it holds for it, whatever changes later. */
export function plannedUnder({ profile, values }: PlanningRules) {
  const { durationMin } = values
  const limited = durationMin !== loosest(SWITCHES.durationMin)
  return {
    profile,
    restrictions: JSON.stringify(values),
    maxDurationMin: limited ? durationMin : null,
  }
}
