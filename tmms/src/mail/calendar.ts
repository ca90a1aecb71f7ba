/** The calendar part of meeting mails (RFC 5545, RFC 5546). */
import {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
} from 'ical-generator'
import type { MeetingNotice } from '../domain/mailer.ts'
import { whoHandsOver } from './texts.ts'

export interface CalendarPart {
  readonly method: 'REQUEST' | 'CANCEL'
  readonly content: string
}

export function calendarFor(
  meeting: MeetingNotice,
  to: string,
  options: { readonly cancelled: boolean; readonly host: string; readonly nowMs: number },
): CalendarPart {
  const method = options.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST
  const calendar = new ICalCalendar({ prodId: '//Huisclos//TMMS//EN', method })
  const event = calendar.createEvent({
    // The same id in the invitation and in the cancellation, which a higher sequence number supersedes.
    id: `${meeting.id}@${options.host}`,
    sequence: options.cancelled ? 1 : 0,
    status: options.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    stamp: new Date(options.nowMs),
    start: new Date(meeting.startsAt),
    end: new Date(meeting.startsAt + meeting.durationMin * 60_000),
    summary: meeting.title,
    location: 'Huisclos',
    organizer: meeting.organiser,
    ...(options.cancelled ? {} : wayIn(meeting)),
  })
  event.createAttendee({
    email: to,
    role: ICalAttendeeRole.REQ,
    status: ICalAttendeeStatus.NEEDSACTION,
    rsvp: false,
  })
  return { method: options.cancelled ? 'CANCEL' : 'REQUEST', content: calendar.toString() }
}

function wayIn(meeting: MeetingNotice): { description: string; url?: string } {
  const { link } = meeting
  if (link !== null) return { description: link, url: link }
  return { description: `${whoHandsOver('fr', meeting)}\n${whoHandsOver('en', meeting)}` }
}
