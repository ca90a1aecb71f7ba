/** Meetings: planning, reading, inviting, excluding, cancelling, joining. */
import { z } from 'zod'
import { accountId, meetingId } from './ids.ts'
import { ADDRESSES_MAX } from './limits.ts'
import { mark, profileName } from './policy.ts'
import { own } from './rights.ts'
import { next, nothing, pageQuery, text, time, type RouteShape } from './route.ts'

export const meeting = z
  .strictObject({
    id: meetingId,
    title: z.string(),
    startsAt: time,
    durationMin: z.int(),
    /** IANA time zone in which the organiser planned it. */
    zone: z.string(),
    organiser: z.strictObject({ name: z.string(), email: z.string() }).readonly(),
    /** True when the reader may change, cancel and see the list of invited addresses. */
    mine: z.boolean(),
    /** Only when `mine`. `name` as the organiser gave it, or empty. */
    invited: z
      .array(z.strictObject({ email: z.string(), name: z.string() }).readonly())
      .readonly()
      .exactOptional(),
    state: z.enum(['planned', 'open', 'ended', 'cancelled']),
    /**
     * Path and fragment of the meeting link, to be put behind the origin. With `ownLink`, a dot and the secret that only
     * the organiser's browser knows belong behind it.
     */
    link: z.string(),
    /** The organiser hands the link over: it carries a secret that this server never sees, and mails hold no link. */
    ownLink: z.boolean(),
    /** Only when who is in it, from when to when, is kept for its organiser and the administrators. */
    attendance: z.literal(true).exactOptional(),
    /** Classification mark of its profile. */
    mark: mark.nullable(),
    /** Grows with every change; a change names the one it is based on. */
    sequence: z.int().nonnegative(),
  })
  .readonly()
export type Meeting = z.infer<typeof meeting>

/** What the client needs to open the meeting's session and to call the TCS. */
export const joinGrant = z
  .strictObject({
    token: z.string(),
    mid: meetingId,
    msid: z.string(),
    title: z.string(),
    /** `https://host[:port]` of the TCS to call. */
    tcsOrigin: z.string(),
    /** Seconds until the token expires. */
    expiresInS: z.int(),
    /** The planned end. Whoever is in then may go on, until the administrator's limit. */
    endsAt: time,
  })
  .readonly()
export type JoinGrant = z.infer<typeof joinGrant>

const path = z.strictObject({ id: meetingId })
/** An address, or one with the name that it has in the organiser's address book: it is proposed to a new person. */
const addressee = z.union([
  text,
  z.strictObject({
    email: text,
    firstName: text.exactOptional(),
    lastName: text.exactOptional(),
  }),
])
export type AddresseeText = z.infer<typeof addressee>
const addresses = z.array(addressee).max(ADDRESSES_MAX).readonly()
const oneMeeting = z.strictObject({ meeting })

const reads = { who: 'signed-in', scope: 'meetings:read' } as const
const writes = { who: 'signed-in', scope: 'meetings:write' } as const
const plans = { who: 'planner', scope: 'meetings:write' } as const

export const meetingRoutes = {
  'GET /api/meetings': {
    ...reads,
    about: 'One’s own meetings, soonest first, from thirty days ago on.',
    query: pageQuery,
    reply: z.strictObject({ meetings: z.array(meeting).readonly(), next }),
  },
  'POST /api/meetings': {
    ...plans,
    about: 'Plans a meeting. New addresses become accounts of role `user` in state `invited`.',
    body: z.strictObject({
      title: text,
      startsAt: text,
      durationMin: z.number(),
      /** IANA time zone of the organiser; the server's own when absent. */
      zone: text.exactOptional(),
      invited: addresses,
      ownLink: z.boolean().default(false),
      /** One that is offered; the administrator's choice when absent. */
      profile: profileName.exactOptional(),
    }),
    reply: oneMeeting,
  },
  'GET /api/meetings/:id': {
    ...reads,
    about: 'One meeting.',
    path,
    reply: oneMeeting,
  },
  'PATCH /api/meetings/:id': {
    ...writes,
    about:
      'Its organiser changes it. What is left out stays; `invited` is everybody who is to be ' +
      'invited afterwards. Mails those whom it concerns. `changed-meanwhile` unless `sequence` is ' +
      'the meeting’s.',
    path,
    body: z.strictObject({
      sequence: z.int().nonnegative(),
      title: text.exactOptional(),
      startsAt: text.exactOptional(),
      durationMin: z.number().exactOptional(),
      zone: text.exactOptional(),
      invited: addresses.exactOptional(),
    }),
    reply: oneMeeting,
  },
  'POST /api/meetings/:id/cancel': {
    ...writes,
    about: 'Its organiser cancels it, and everybody invited gets a mail.',
    path,
    body: nothing,
    reply: oneMeeting,
  },
  'POST /api/meetings/:id/invite': {
    ...writes,
    about: 'Adds invited people and mails them; the ones already invited are left alone.',
    path,
    body: z.strictObject({ invited: addresses }),
    reply: oneMeeting,
  },
  'POST /api/meetings/:id/exclude': {
    ...writes,
    about:
      'Moderators put somebody out: this account gets no further token for the meeting, and its ' +
      'connections to the TCS end. Inviting it again lifts this. `not-found` for everybody ' +
      'else; `bad-request` for oneself.',
    path,
    body: z.strictObject({ sub: accountId }),
    reply: nothing,
  },
  'POST /api/meetings/:id/join': {
    ...own,
    about:
      'A meeting token bound to the device key that signed the `DPoP` header (RFC 9449 section ' +
      '4.2). The answer’s `DPoP-Nonce` header is for the next proof; one with it needs no clock ' +
      'that is right. `not-found` for unknown, not-invited, cancelled and ended alike; ' +
      '`meeting-not-open` only to the invited.',
    path,
    body: nothing,
    reply: joinGrant,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
