/** Everybody's accounts, for administrators. */
import { z } from 'zod'
import { language, person, role } from './accounts.ts'
import { errorCode } from './errors.ts'
import { accountId, groupId, meetingId } from './ids.ts'
import { PEOPLE_AT_ONCE, SEARCH_MAX_CHARACTERS } from './limits.ts'
import { bulk, meetingsOf, own } from './people-deeds.ts'
import { next, nothing, pageQuery, text, time, version, type RouteShape } from './route.ts'

export const accountState = z.enum(['invited', 'active', 'disabled'])

/** An account as administrators see it. `invited` until its owner has followed the validation link. */
export const accountRow = person
  .extend({ state: accountState, createdAt: time, lastSignInAt: time.nullable() })
  .readonly()
export type AccountRow = z.infer<typeof accountRow>

const count = z.int().nonnegative()

export const personPage = z
  .strictObject({
    account: accountRow,
    version,
    /** Newest first. */
    sessions: z.array(z.strictObject({ createdAt: time, expiresAt: time }).readonly()).readonly(),
    /** Browsers that have signed in, newest first. */
    devices: z.array(z.strictObject({ seenAt: time }).readonly()).readonly(),
    meetings: z
      .strictObject({
        /** Not over and not cancelled; those of `ownLinks` carry a secret that only this person can hand over. */
        organises: count,
        ownLinks: count,
        organised: count,
        /** Not over and not cancelled, of others. */
        invitedTo: count,
      })
      .readonly(),
  })
  .readonly()
export type PersonPage = z.infer<typeof personPage>

const personMeeting = z
  .strictObject({
    id: meetingId,
    title: z.string(),
    startsAt: time,
    durationMin: z.int(),
    state: z.enum(['planned', 'open', 'ended', 'cancelled']),
    organises: z.boolean(),
  })
  .readonly()
export type PersonMeeting = z.infer<typeof personMeeting>

/** What the list is narrowed to. The words of `q` each begin a word of the name or the address, in any order. */
const narrowed = z.object({
  q: z.string().max(SEARCH_MAX_CHARACTERS).default(''),
  role: role.exactOptional(),
  state: accountState.exactOptional(),
  /** Who belongs to it, by hand or by domain. */
  group: groupId.exactOptional(),
  lastSignIn: z.literal('never').exactOptional(),
  /** Last sign-in: from this moment on, and before the other. */
  signedInFrom: time.exactOptional(),
  signedInBefore: time.exactOptional(),
  sort: z.enum(['name', 'email', 'created', 'lastSignIn']).default('created'),
  order: z.enum(['asc', 'desc']).default('desc'),
})
export type Narrowed = z.output<typeof narrowed>

/** Text, so that the rules can say what is wrong with it. */
const invitation = z.strictObject({
  email: text,
  role: text,
  language: text,
  firstName: text.exactOptional(),
  lastName: text.exactOptional(),
})
export type InvitationText = z.infer<typeof invitation>

const invitations = z.strictObject({ people: z.array(invitation).min(1).max(PEOPLE_AT_ONCE) })
const problems = z
  .array(z.strictObject({ code: errorCode, field: z.string() }).readonly())
  .readonly()

const path = z.strictObject({ id: accountId })

const reads = { who: 'administrator', scope: 'people:read' } as const
const writes = { who: 'administrator', scope: 'people:write' } as const

export const peopleRoutes = {
  'GET /api/admin/accounts': {
    ...reads,
    about:
      'Everybody’s accounts. `total` is null when counting would take too long. A page may hold ' +
      'less than `limit` before the end of the list: `next` says whether there is more.',
    query: pageQuery.extend(narrowed.shape),
    reply: z.strictObject({
      accounts: z.array(accountRow).readonly(),
      next,
      total: count.nullable(),
    }),
  },
  'POST /api/admin/accounts': {
    ...writes,
    about:
      'Invites a new account, or sends the mail again when it is still `invited`; then role and ' +
      'language stay what they are, and `again` is true. The names are proposed to the owner of ' +
      'the address.',
    body: invitation,
    reply: z.strictObject({ account: accountRow, again: z.boolean() }),
  },
  'POST /api/admin/accounts/check': {
    ...reads,
    about:
      'What is wrong with each invitation, without writing anything. `already-invited`: the ' +
      'mail would go out again.',
    body: invitations,
    reply: z.strictObject({ results: z.array(problems).readonly() }),
  },
  'POST /api/admin/accounts/invite': {
    ...writes,
    about: 'Invites each by itself: those with problems are not invited.',
    body: invitations,
    reply: z.strictObject({ results: z.array(problems).readonly() }),
  },
  'POST /api/admin/accounts/bulk': {
    ...writes,
    about:
      'Does something to many accounts, each by itself. Null: done. The own account is left ' +
      'alone.',
    body: bulk,
    reply: z.strictObject({ results: z.array(errorCode.nullable()).readonly() }),
  },
  'POST /api/admin/accounts/export': {
    ...reads,
    about:
      'CSV in UTF-8 with a byte order mark of everybody whom the list shows, in its order, with ' +
      '`,` or `;` as spreadsheets in the language of the caller part columns.',
    body: z.strictObject({
      ...narrowed.shape,
      /** IANA time zone of the times; the server's own when absent. */
      zone: text.exactOptional(),
    }),
    reply: z.strictObject({ csv: z.string() }),
  },
  'GET /api/admin/accounts/:id': {
    ...reads,
    about: 'One account with its sessions, devices and meetings.',
    path,
    reply: personPage,
  },
  'GET /api/admin/accounts/:id/meetings': {
    ...reads,
    about: 'Meetings that somebody organises or is invited to, newest first.',
    path,
    query: pageQuery,
    reply: z.strictObject({ meetings: z.array(personMeeting).readonly(), next }),
  },
  'PATCH /api/admin/accounts/:id': {
    ...writes,
    about:
      'Changes an account. A new address ends the person’s sessions and the links in mails; ' +
      'both addresses are told. A new role ends the tokens given out for meetings; new ones ' +
      'hold what is now allowed.',
    path,
    body: z.strictObject({
      version,
      email: text.exactOptional(),
      firstName: text.exactOptional(),
      lastName: text.exactOptional(),
      language: language.exactOptional(),
      role: role.exactOptional(),
      own,
    }),
    reply: personPage,
  },
  'POST /api/admin/accounts/:id/suspend': {
    ...writes,
    about: 'Ends every access at once. Nobody signs in with the account until it is resumed.',
    path,
    body: z.strictObject({ own }),
    reply: personPage,
  },
  'POST /api/admin/accounts/:id/resume': {
    ...writes,
    about: 'Lets a suspended person sign in again.',
    path,
    body: nothing,
    reply: personPage,
  },
  'POST /api/admin/accounts/:id/sign-out': {
    ...writes,
    about: 'Ends every session of the person.',
    path,
    body: nothing,
    reply: personPage,
  },
  'POST /api/admin/accounts/:id/invite': {
    ...writes,
    about: 'Sends the mail again to somebody who is still `invited`.',
    path,
    body: nothing,
    reply: personPage,
  },
  'POST /api/admin/accounts/:id/withdraw': {
    ...writes,
    about: 'Deletes an account that is still `invited`.',
    path,
    body: nothing,
    reply: nothing,
  },
  'POST /api/admin/accounts/:id/delete': {
    ...writes,
    about:
      'Deletes an account. Meetings that are over stay in the lists of those who were invited.',
    path,
    body: z.strictObject({ ...meetingsOf, own }),
    reply: nothing,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
