/** Everybody's meetings, for administrators; who was in one, for its organiser as well. */
import { z } from 'zod'
import { accountId, meetingId } from './ids.ts'
import { SEARCH_MAX_CHARACTERS } from './limits.ts'
import { mark, profileName } from './policy.ts'
import { quality } from './presence.ts'
import { next, nothing, pageQuery, time, type RouteShape } from './route.ts'

export const meetingState = z.enum(['planned', 'open', 'ended', 'cancelled'])

const who = z.strictObject({ id: accountId, name: z.string(), email: z.string() }).readonly()
const count = z.int().nonnegative()

export const meetingRow = z
  .strictObject({
    id: meetingId,
    title: z.string(),
    startsAt: time,
    durationMin: z.int(),
    state: meetingState,
    organiser: who,
    invited: count,
    /** Devices that are in now. */
    present: count,
    mark: mark.nullable(),
  })
  .readonly()
export type MeetingRow = z.infer<typeof meetingRow>

export const meetingPage = z
  .strictObject({
    meeting: meetingRow,
    /** IANA time zone in which it was planned. */
    zone: z.string(),
    profile: profileName,
    ownLink: z.boolean(),
    sequence: count,
    cancelledAt: time.nullable(),
    /** When an administrator ended it. */
    endedAt: time.nullable(),
    invited: z.array(who).readonly(),
    /** A line for each device that is in, the first come first. Nothing says what is said or shown. */
    present: z
      .array(z.strictObject({ who, since: time, quality: quality.nullable() }).readonly())
      .readonly(),
    attendance: z
      .strictObject({
        /** Whether it is being kept of this meeting. */
        kept: z.boolean(),
        /** Stays that are kept. */
        stays: count,
      })
      .readonly(),
  })
  .readonly()
export type MeetingPage = z.infer<typeof meetingPage>

/** What the list is narrowed to. The words of `q` each begin a word of the title, or of the organiser's name or address. */
const narrowed = z.object({
  q: z.string().max(SEARCH_MAX_CHARACTERS).default(''),
  state: meetingState.exactOptional(),
  organiser: accountId.exactOptional(),
  /** Start: from this moment on, and before the other. */
  from: time.exactOptional(),
  until: time.exactOptional(),
  order: z.enum(['asc', 'desc']).default('desc'),
})
export type NarrowedMeetings = z.output<typeof narrowed>

const path = z.strictObject({ id: meetingId })

const reads = { who: 'administrator', scope: 'meetings:read' } as const
const writes = { who: 'administrator', scope: 'meetings:write' } as const

export const adminMeetingRoutes = {
  'GET /api/admin/meetings': {
    ...reads,
    about:
      'Everybody’s meetings, by start. A page may hold less than `limit` before the end of the ' +
      'list: `next` says whether there is more.',
    query: pageQuery.extend(narrowed.shape),
    reply: z.strictObject({ meetings: z.array(meetingRow).readonly(), next }),
  },
  'GET /api/admin/meetings/:id': {
    ...reads,
    about: 'One meeting: who is invited, who is in now, and how well it travels.',
    path,
    reply: meetingPage,
  },
  'POST /api/admin/meetings/:id/cancel': {
    ...writes,
    about: 'Cancels a meeting: organiser and invited are mailed, whoever is in is put out.',
    path,
    body: nothing,
    reply: meetingPage,
  },
  'POST /api/admin/meetings/:id/end': {
    ...writes,
    about: 'Ends a meeting that is on: whoever is in is put out, and nobody comes back.',
    path,
    body: nothing,
    reply: meetingPage,
  },
  'POST /api/admin/meetings/:id/organiser': {
    ...writes,
    about:
      'Gives a meeting another organiser; the former one stays invited. Everybody concerned is ' +
      'mailed. `changed-meanwhile` unless `sequence` is the meeting’s.',
    path,
    body: z.strictObject({ sequence: count, to: accountId }),
    reply: meetingPage,
  },
  'POST /api/meetings/:id/attendance/export': {
    who: 'signed-in',
    scope: 'meetings:read',
    about:
      'For its organiser and administrators: who was in a meeting, from when to when, as CSV with ' +
      '`;`, in UTF-8 with a byte order mark.',
    path,
    body: nothing,
    reply: z.strictObject({ csv: z.string() }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
