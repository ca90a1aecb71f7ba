/** Meetings: planning, listing, inviting. */
import type { MeetingId } from '../../contract/ids.ts'
import type { AddresseeText, Meeting } from '../../contract/meetings.ts'
import type { ProfileName } from '../../contract/switches.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import { checkAll } from '../check-all.ts'
import type { Person } from '../audit/actor.ts'
import { meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { checkCount, inviteAll, mailInvitations, normaliseAll, type Addressee } from './invite.ts'
import { checkDuration, checkZone, parseStart, stateOf } from './meeting-time.ts'
import { mayGoOn } from './overrun.ts'
import { describe, noticeOf, present } from './present.ts'
import { cleanTitle } from '../accounts/names.ts'
import {
  invitingRules,
  planningRules,
  type InvitingRules,
  type PlanningRules,
} from '../policy/meetings.ts'
import {
  plannedUnder,
  withinAhead,
  withinDuration,
  withinInvited,
  withinLinks,
} from '../policy/planning.ts'
import { checkInvitable } from '../security/domains.ts'
import { pageOf, placeOf, type Page, type PageRequest } from '../paging.ts'
import { makeId } from '../secret.ts'

/** How long a meeting stays in the list after its start. */
const LISTED_MS = 30 * 24 * 3_600_000

export interface Plan {
  readonly title: string
  readonly startsAt: string
  readonly durationMin: number
  readonly invited: readonly AddresseeText[]
  /** IANA time zone; the server's when absent. */
  readonly zone?: string
  /** The link carries a secret that the organiser's browser adds and hands over. */
  readonly ownLink?: boolean
  readonly profile?: ProfileName
}

/** @throws {TmmsError} naming the field that is wrong. */
export async function planMeeting(context: Context, actor: Person, plan: Plan): Promise<Meeting> {
  const organiser = actor.account
  const nowMs = context.now()
  const meeting = await context.store.atomically(async (rows) => {
    // Read here, or a group could forbid it between this and the meeting.
    const rules = await planningRules(rows, organiser, plan.profile)
    const { addressees, ...planned } = checkPlan(context, organiser, { plan, rules })
    const row = {
      ...planned,
      id: makeId() as MeetingId,
      organiserId: organiser.id,
      createdAt: nowMs,
      cancelledAt: null,
      endedAt: null,
      msid: null,
      sequence: 0,
      ...plannedUnder(rules),
    }
    await rows.meetings.add(row)
    const { startsAt, durationMin, ownLink } = row
    await record(rows, actor, nowMs, {
      action: 'meeting-planned',
      object: meetingObject(row.id),
      details: { startsAt: new Date(startsAt).toISOString(), durationMin, ownLink: ownLink === 1 },
    })
    const meeting = await ownMeeting({ store: rows }, organiser, row.id)
    const invited = await inviteAll(context, rows, { actor, meeting, addressees })
    await mailInvitations(context, rows, noticeOf(context, meeting), invited)
    return meeting
  })
  return present(context, organiser, meeting)
}

function checkPlan(
  { now, timeZone }: Context,
  organiser: AccountRecord,
  { plan, rules }: { readonly plan: Plan; readonly rules: PlanningRules },
) {
  const nowMs = now()
  return checkAll({
    title: () => cleanTitle(plan.title),
    startsAt: () => withinAhead(rules, parseStart(plan.startsAt, nowMs), nowMs),
    durationMin: () => withinDuration(rules, checkDuration(plan.durationMin)),
    zone: () => checkZone(plan.zone, timeZone),
    addressees: () => withinInvited(rules, checkInvited(plan.invited, organiser, rules)),
    ownLink: () => withinLinks(rules, plan.ownLink ?? false),
  })
}

/** Soonest first. */
export async function listMeetings(
  context: Context,
  account: AccountRecord,
  { cursor, limit }: PageRequest,
): Promise<Page<Meeting>> {
  const { store, now } = context
  const startsAfterMs = now() - LISTED_MS
  const range = { startsAfterMs, after: placeOf(cursor), limit: limit + 1 }
  const records = await store.meetings.listFor(account.id, range)
  const { rows, next } = pageOf(records, limit, ({ startsAt, id }) => ({ atMs: startsAt, id }))
  const own = rows.filter((meeting) => meeting.organiserId === account.id)
  const invited = await store.meetings.invitees(own.map((meeting) => meeting.id))
  const shown = rows.map((meeting) =>
    describe(context, account, { meeting, invited: invited.get(meeting.id) ?? [] }),
  )
  return { rows: shown, next }
}

/** @throws {TmmsError} `not-found` for unknown and not invited alike. */
export async function readMeeting(
  context: Context,
  account: AccountRecord,
  id: MeetingId,
): Promise<Meeting> {
  const meeting = await context.store.meetings.visibleTo(id, account.id)
  if (meeting === undefined) throw notFound()
  const shown = await present(context, account, meeting)
  if (shown.state !== 'ended') return shown
  // Whoever is in it may reload the page.
  const goesOn = await mayGoOn(context, context.store, { account, meeting })
  return goesOn ? { ...shown, state: 'open' } : shown
}

/** @throws {TmmsError} `not-found`, `invalid-email`, `outside-domains`, `too-many-invited`, `not-allowed` when over or cancelled. */
export async function inviteMore(
  context: Context,
  actor: Person,
  request: { readonly id: MeetingId; readonly invited: readonly AddresseeText[] },
): Promise<Meeting> {
  const { account } = actor
  const meeting = await context.store.atomically(async (rows) => {
    // Read here, or it could be cancelled between this and the invitations.
    const meeting = await ownMeeting({ store: rows }, account, request.id)
    const state = stateOf(meeting, context.now())
    if (state === 'ended' || state === 'cancelled') {
      throw new TmmsError('not-allowed', 'Nobody can be invited to this meeting any more.')
    }
    const already = new Set((await rows.meetings.invited(meeting.id)).map(({ email }) => email))
    const rules = await invitingRules(rows, account, meeting)
    const addressees = normaliseAll(request.invited, account, (email, field) => {
      if (!already.has(email)) checkInvitable(rules.invitable, email, field)
    })
    const fresh = addressees.filter(({ email }) => !already.has(email))
    checkCount(already.size + fresh.length)
    withinInvited(rules, [...already, ...fresh])
    const invitation = { actor, meeting, addressees: fresh }
    const added = await inviteAll(context, rows, invitation)
    await mailInvitations(context, rows, noticeOf(context, meeting), added)
    return meeting
  })
  return present(context, account, meeting)
}

/** One answer for what does not exist, is not for the asker, or is over (M2). */
export function notFound(): TmmsError {
  return new TmmsError('not-found', 'There is no such meeting for you.')
}

/** @throws {TmmsError} `not-found` for everybody but the organiser. */
export async function ownMeeting(
  { store }: { readonly store: Rows },
  account: AccountRecord,
  id: MeetingId,
): Promise<MeetingRecord> {
  const meeting = await store.meetings.visibleTo(id, account.id)
  if (meeting?.organiserId !== account.id) throw notFound()
  return meeting
}

function checkInvited(
  invited: readonly AddresseeText[],
  organiser: AccountRecord,
  { invitable }: InvitingRules,
): readonly Addressee[] {
  const addressees = normaliseAll(invited, organiser, (email, field) =>
    checkInvitable(invitable, email, field),
  )
  checkCount(addressees.length)
  return addressees
}
