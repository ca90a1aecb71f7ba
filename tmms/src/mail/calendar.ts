/**
 * The calendar part of meeting mails (RFC 5545, RFC 5546, RFC 6047), in the shape that Outlook, Thunderbird and Google
 * take: one VEVENT with its VTIMEZONE, the same UID for ever, a SEQUENCE that grows with each change, and the method of
 * the MIME part in METHOD.
 */
import { TZDate } from '@date-fns/tz'
import {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
  type ICalEvent,
} from 'ical-generator'
import { tzlib_get_ical_block } from 'timezones-ical-library'
import type { MeetingNotice } from '../domain/mail/mail.ts'
import { whoHandsOver } from './meeting-facts.ts'

export interface CalendarPart {
  readonly method: 'REQUEST' | 'CANCEL'
  readonly content: string
}

export interface CalendarStamp {
  readonly method: CalendarPart['method']
  /** Behind the @ of the UID. */
  readonly host: string
  /** When the mail was made, not when it is sent: a mail that is sent again says the same (RFC 5546 section 2.1.5). */
  readonly createdAt: number
  readonly sender: { readonly address: string }
}

export function calendarFor(
  meeting: MeetingNotice,
  to: string,
  stamp: CalendarStamp,
): CalendarPart {
  const { method, host, createdAt } = stamp
  const cancelled = method === 'CANCEL'
  const startMs = meeting.startsAt
  const endMs = startMs + meeting.durationMin * 60_000
  const zone = zoneOf(meeting.zone, [startMs, endMs])
  const at = (ms: number): Date => (zone === null ? new Date(ms) : new TZDate(ms, zone.name))
  const calendar = new ICalCalendar({
    prodId: '//Huisclos//TMMS//EN',
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
    // Not the calendar's own zone: then the library writes local times without saying whose.
    ...(zone === null ? {} : { timezone: { name: null, generator: () => zone.block } }),
  })
  const event = calendar.createEvent({
    id: `${meeting.id}@${host}`,
    sequence: meeting.sequence,
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    transparency: ICalEventTransparency.OPAQUE,
    stamp: new Date(createdAt),
    ...(zone === null ? {} : { timezone: zone.name }),
    start: at(startMs),
    end: at(endMs),
    summary: meeting.title,
    location: 'Huisclos',
    organizer: organizerOf(meeting, stamp),
    ...(cancelled ? {} : wayIn(meeting)),
  })
  addAttendee(event, to)
  return { method, content: calendar.toString() }
}

// RFC 6047 section 3: who mails in somebody else's name says so, or clients take the mail for a forgery.
function organizerOf({ organiser }: MeetingNotice, { sender }: CalendarStamp) {
  const { name, email } = organiser
  return { name, email, ...(sender.address === email ? {} : { sentBy: sender.address }) }
}

function addAttendee(event: ICalEvent, email: string): void {
  event.createAttendee({
    email,
    type: ICalAttendeeType.INDIVIDUAL,
    role: ICalAttendeeRole.REQ,
    status: ICalAttendeeStatus.NEEDSACTION,
    rsvp: false,
  })
}

/**
 * The VTIMEZONE under the name that the organiser knows: the library has places that share their clocks under one name,
 * such as Reunion under Dubai. Null for UTC, for what is in no list, and when one of
 * `times` comes twice on its day: a local time means the first (RFC 5545 section 3.3.5), but not every reader knows.
 */
function zoneOf(zone: string, times: readonly number[]): { name: string; block: string } | null {
  if (/^(Etc\/)?(UTC|GMT|UCT|Zulu)$/i.test(zone)) return null
  const [block = ''] = tzlib_get_ical_block(zone)
  if (!block.includes('\nTZID:') || times.some((ms) => comesTwice(ms, zone))) return null
  return { name: zone, block: block.replace(/^(TZID|X-LIC-LOCATION):.*$/gm, `$1:${zone}`) }
}

function comesTwice(ms: number, zone: string): boolean {
  const offsetMs = (at: number): number => -new TZDate(at, zone).getTimezoneOffset() * 60_000
  const before = offsetMs(ms - 3 * 3_600_000)
  const after = offsetMs(ms + 3 * 3_600_000)
  const back = before - after
  if (back <= 0) return false
  const other = offsetMs(ms) === before ? ms + back : ms - back
  return offsetMs(other) !== offsetMs(ms)
}

function wayIn(meeting: MeetingNotice): { description: string; url?: string } {
  const { link } = meeting
  if (link !== null) return { description: link, url: link }
  return { description: `${whoHandsOver('fr', meeting)}\n${whoHandsOver('en', meeting)}` }
}
