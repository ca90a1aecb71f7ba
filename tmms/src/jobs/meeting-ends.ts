/** Every few seconds: meetings whose maximum duration is over end for whoever is still in. */
import type { Context } from '../domain/context.ts'
import { endLongMeetings } from '../domain/meetings/longest.ts'
import { Periodic } from './periodic.ts'

const LOOK_MS = 5_000

export function meetingEndsJob(context: Context, onFailure: (error: unknown) => void): Periodic {
  // Before a start nobody was in: connections to a TCS end with this process, or with their tokens.
  let sinceMs = context.now()
  const work = async (): Promise<void> => {
    const untilMs = context.now()
    await endLongMeetings(context, { sinceMs, untilMs })
    sinceMs = untilMs
  }
  return new Periodic(LOOK_MS, work, onFailure)
}
