/**
 * What becomes of a mail when earlier ones about the same to the same address have not been sent: one mail tells the
 * newest state, and a calendar never learns an older state after a newer one (RFC 5546 section 2.1.4).
 */
import type { Mail, ToldFacts } from './mail.ts'

/** A meeting's id, or what else a newer mail replaces; empty when none does. */
export function aboutOf(mail: Mail): string {
  switch (mail.kind) {
    case 'welcome':
    case 'reset':
      return 'account'
    case 'address-changed':
      return 'address'
    case 'handed-over':
    case 'test':
      return ''
    default:
      return mail.meeting.id
  }
}

export interface Earlier {
  /** Whether any mail about it may have reached the address before. */
  readonly known: boolean
  /** What those say that were not sent and are replaced now, the oldest first; null when it cannot be read. */
  readonly replaced: readonly (Mail | null)[]
}

/** @returns what is to be sent instead of `mail`; null when there is nothing to tell. */
export function supersede(mail: Mail, { known, replaced }: Earlier): Mail | null {
  switch (mail.kind) {
    case 'update':
      return updateAfter(mail, { known, replaced })
    case 'cancellation':
    case 'uninvitation': {
      // Of what nobody was told nobody is told the end.
      if (!known && replaced.length > 0) return null
      const told = firstTold(replaced)
      if (told === undefined) return mail
      const { title, startsAt, durationMin, zone } = told
      return { ...mail, meeting: { ...mail.meeting, title, startsAt, durationMin, zone } }
    }
    default:
      return mail
  }
}

/** Who has yet to be invited is invited, to the meeting as it is now. */
function updateAfter(
  mail: Extract<Mail, { kind: 'update' }>,
  { known, replaced }: Earlier,
): Mail | null {
  const told = firstTold(replaced)
  const invitation = replaced.findLast((one) => one?.kind === 'invitation')
  if (invitation === undefined) {
    return told === undefined ? mail : { ...mail, before: told }
  }
  const before = known ? (told ?? invitation.meeting) : undefined
  return { ...invitation, meeting: mail.meeting, ...(before === undefined ? {} : { told: before }) }
}

/** The meeting as the last mail told it that may have come through. */
function firstTold(replaced: Earlier['replaced']): ToldFacts | undefined {
  for (const one of replaced) {
    if (one?.kind === 'update') return one.before
    if (one?.kind === 'invitation' && one.told !== undefined) return one.told
  }
  return undefined
}
