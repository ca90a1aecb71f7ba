/** Changing a meeting that is planned or running: its facts, and who is invited. */
import type { MeetingId } from '../../contract/ids.ts'
import type { AddresseeText, Meeting } from '../../contract/meetings.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import { endingAccess, type Ending } from '../access-ends.ts'
import { cleanTitle } from '../accounts/names.ts'
import type { Person } from '../audit/actor.ts'
import { meetingObject, record } from '../audit/record.ts'
import { checkAll } from '../check-all.ts'
import type { Context } from '../context.ts'
import { queueMail } from '../mail/queue.ts'
import { changingRules, requireOrganising, type InvitingRules } from '../policy/meetings.ts'
import { withinAhead, withinDuration, withinInvited } from '../policy/planning.ts'
import { checkCount, inviteAll, mailInvitations, normaliseAll, type Addressee } from './invite.ts'
import { checkInvitable } from '../security/domains.ts'
import { changedMeanwhile, requireUnchanged } from '../versions.ts'
import { ownMeeting } from './meeting.ts'
import { checkDuration, checkZone, endsAt, parseStart, stateOf } from './meeting-time.ts'
import { noticeOf, present } from './present.ts'

/** What is absent stays as it is. */
export interface MeetingChange {
  /** Of the meeting that was shown to whoever changes it. */
  readonly sequence: number
  readonly title?: string | undefined
  readonly startsAt?: string | undefined
  readonly durationMin?: number | undefined
  readonly zone?: string | undefined
  /** Everybody who is to be invited afterwards. */
  readonly invited?: readonly AddresseeText[] | undefined
}

type Facts = Pick<MeetingRecord, 'title' | 'startsAt' | 'durationMin' | 'zone'>
const FACTS = ['title', 'startsAt', 'durationMin', 'zone'] as const

/**
 * Those who stay are told what changed, those taken out that they are, new ones are invited; without any change nobody.
 * @throws {TmmsError} `not-found` for everybody but the organiser; `not-allowed` when it is over or cancelled;
 * `changed-meanwhile`; naming the field: `meeting-begun` and as for planning.
 */
export async function changeMeeting(
  context: Context,
  actor: Person,
  { id, change }: { readonly id: MeetingId; readonly change: MeetingChange },
): Promise<Meeting> {
  const { account } = actor
  await endingAccess(context, async (rows, end) => {
    const before = await ownMeeting({ store: rows }, account, id)
    refuseOver(before, context.now())
    const versions = { is: before.sequence, basedOn: change.sequence }
    await requireUnchanged(rows, { kind: 'meeting', id }, versions)
    const rules = await changingRules(rows, account, before)
    const already = await rows.meetings.invited(id)
    const checking = { before, change, rules, already }
    const { addressees, ...facts } = checkChange(context, account, checking)
    const people = peopleOf(already, addressees)
    if (people.added.length > 0) {
      requireOrganising(rules)
      withinInvited(rules, addressees ?? [])
    }
    const changed = FACTS.filter((name) => facts[name] !== before[name])
    if (changed.length + people.added.length + people.removed.length === 0) return
    const sequence = before.sequence + 1
    if (!(await rows.meetings.change(id, before.sequence, { ...facts, sequence }))) {
      throw changedMeanwhile()
    }
    const after = { ...before, ...facts, sequence }
    const object = meetingObject(id)
    if (changed.length > 0) {
      const deed = { action: 'meeting-changed', object, details: { changed } } as const
      await record(rows, actor, context.now(), deed)
    }
    if (people.removed.length > 0) {
      const details = { accounts: people.removed.map((person) => person.id) }
      const deed = { action: 'meeting-uninvited', object, details } as const
      await record(rows, actor, context.now(), deed)
    }
    await endRights(context, rows, end, { before, after, removed: people.removed })
    await tellAll(context, rows, actor, { before, after, people, told: changed.length > 0 })
  })
  return present(context, account, await ownMeeting(context, account, id))
}

function refuseOver(meeting: MeetingRecord, nowMs: number): void {
  const state = stateOf(meeting, nowMs)
  if (state !== 'ended' && state !== 'cancelled') return
  throw new TmmsError('not-allowed', 'This meeting is over or cancelled.')
}

interface Changing {
  readonly before: MeetingRecord
  readonly change: MeetingChange
  readonly rules: InvitingRules
  readonly already: readonly AccountRecord[]
}

function checkChange(
  context: Context,
  organiser: AccountRecord,
  { before, change, rules, already }: Changing,
): Facts & { readonly addressees: readonly Addressee[] | null } {
  const { title, startsAt, durationMin, zone, invited } = change
  const nowMs = context.now()
  const known = new Set(already.map(({ email }) => email))
  // Who is invited already stays, whatever is restricted since.
  const allow = (email: string, field: string): void => {
    if (!known.has(email)) checkInvitable(rules.invitable, email, field)
  }
  const checked = checkAll({
    title: () => (title === undefined ? before.title : cleanTitle(title)),
    startsAt: () => {
      const start = startsAt === undefined ? before.startsAt : newStart(startsAt, before, nowMs)
      // What stays as it was planned is not judged again.
      return start === before.startsAt ? start : withinAhead(rules, start, nowMs)
    },
    durationMin: () => {
      const minutes = durationMin === undefined ? before.durationMin : checkDuration(durationMin)
      return minutes <= before.durationMin ? minutes : withinDuration(rules, minutes)
    },
    zone: () => (zone === undefined ? before.zone : checkZone(zone, context.timeZone)),
    addressees: () => (invited === undefined ? null : normaliseAll(invited, organiser, allow)),
  })
  if (checked.addressees !== null) checkCount(checked.addressees.length)
  const shortened = checked.durationMin < before.durationMin
  if (shortened && endsAt(checked) <= nowMs) {
    throw new TmmsError('invalid-duration', 'The meeting would be over already.', {
      field: 'durationMin',
    })
  }
  return checked
}

/** One that is not moved may lie in the past; one that has begun cannot be moved. */
function newStart(text: string, before: MeetingRecord, nowMs: number): number {
  if (Date.parse(text) === before.startsAt) return before.startsAt
  if (nowMs < before.startsAt) return parseStart(text, nowMs)
  throw new TmmsError('meeting-begun', 'The meeting has begun: its start cannot be changed.', {
    field: 'startsAt',
  })
}

interface People {
  readonly staying: readonly AccountRecord[]
  readonly removed: readonly AccountRecord[]
  readonly added: readonly Addressee[]
}

function peopleOf(
  invited: readonly AccountRecord[],
  addressees: readonly Addressee[] | null,
): People {
  if (addressees === null) return { staying: invited, removed: [], added: [] }
  const wanted = new Set(addressees.map(({ email }) => email))
  const known = new Set(invited.map(({ email }) => email))
  return {
    staying: invited.filter(({ email }) => wanted.has(email)),
    removed: invited.filter(({ email }) => !wanted.has(email)),
    added: addressees.filter(({ email }) => !known.has(email)),
  }
}

interface Versions {
  readonly before: MeetingRecord
  readonly after: MeetingRecord
}

async function endRights(
  context: Context,
  rows: Rows,
  end: (ending: Ending) => Promise<void>,
  { before, after, removed }: Versions & Pick<People, 'removed'>,
): Promise<void> {
  const { id } = after
  for (const person of removed) {
    await rows.meetings.exclude(id, person.id, context.now())
    await end({ sub: person.id, mid: id, reason: 'uninvited' })
  }
  // Put off to later while the first were in already.
  const nowMs = context.now()
  if (stateOf(before, nowMs) !== 'open' || stateOf(after, nowMs) === 'open') return
  await end({ mid: id, reason: 'meeting-ended' })
}

async function tellAll(
  context: Context,
  rows: Rows,
  actor: Person,
  { before, after, people, told }: Versions & { readonly people: People; readonly told: boolean },
): Promise<void> {
  const meeting = noticeOf(context, after)
  const old = noticeOf(context, before)
  for (const person of told ? people.staying : []) {
    if (person.state === 'disabled') continue
    await queueMail(context, rows, person, { kind: 'update', meeting, before: old })
  }
  // They know it as it was; the number is the new one, or calendars would keep the entry.
  const gone = { ...old, sequence: after.sequence }
  for (const person of people.removed) {
    if (person.state === 'disabled') continue
    await queueMail(context, rows, person, { kind: 'uninvitation', meeting: gone })
  }
  const invitation = { actor, meeting: after, addressees: people.added }
  const invited = await inviteAll(context, rows, invitation)
  await mailInvitations(context, rows, meeting, invited)
}
