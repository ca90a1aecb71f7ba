/** Puts together what is done for meetings beside requests: long ones end, attendance is kept, old ones are deleted. */
import type { PresenceChange } from '../contract/presence.ts'
import type { Context } from '../domain/context.ts'
import { AttendanceBook } from '../domain/meetings/attendance.ts'
import { meetingEndsJob } from './meeting-ends.ts'
import { RetentionJob } from './retention.ts'

export interface MeetingWork {
  /** Ends meetings whose maximum duration is over, as happens every few seconds. */
  endLongMeetings(): Promise<void>
  /** Deletes what has reached its time, as happens a minute after the start and every hour. */
  purgeOld(): Promise<void>
  /** Writes down who came into a meeting or left it, where its policy keeps that. */
  notePresence(change: PresenceChange): void
}

/** @param failing makes what is told of a failure, with a sentence for the log */
export function openMeetingWork(
  context: Context,
  failing: (sentence: string) => (error: unknown) => void,
): MeetingWork & { close(): Promise<void> } {
  const ends = meetingEndsJob(context, failing('long meetings were not ended'))
  const retention = new RetentionJob(context, failing('what is too old was not deleted'))
  const attendance = new AttendanceBook(context, failing('attendance was not kept'))
  return {
    endLongMeetings: () => ends.run(),
    purgeOld: () => retention.run(),
    notePresence: (change) => attendance.note(change),
    close: async () => {
      await Promise.all([ends.close(), retention.close(), attendance.idle()])
    },
  }
}
