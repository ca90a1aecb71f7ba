/** Moments that never change, unlike the state of a form. */
import { nextHalfHour } from '../../account/dates.ts'

export function momentOf(iso: string): Date {
  return new Date(iso)
}

export function thisMoment(): Date {
  return new Date()
}

/** When a meeting that is planned now most likely begins. */
export function likelyStart(): Date {
  return nextHalfHour(new Date())
}
