/** What a token says that the administrator allows in the meeting (claim `pol`). What it does not say is not allowed. */
import { E2eeError } from '../errors.ts'
import type { MeetingPolicy } from '../calls.ts'

/** Two people: with fewer there is no meeting. */
const FEWEST = 2
const MARK_MAX_CHARS = 40

/** @throws E2eeError E_TOKEN_FORMAT for what no TMMS writes: guessing could only weaken what was meant. */
export function readPolicy(pol: unknown): MeetingPolicy {
  const { messages = false, participants = FEWEST, mark = null } = membersOf(pol ?? {})
  if (typeof messages !== 'boolean') throw malformed()
  if (!Number.isSafeInteger(participants) || Number(participants) < FEWEST) throw malformed()
  return {
    messages,
    participants: Number(participants),
    mark: mark === null ? null : readMark(mark),
  }
}

function readMark(mark: unknown): MeetingPolicy['mark'] {
  const { text, colour } = membersOf(mark)
  if (typeof text !== 'string' || text === '' || text.length > MARK_MAX_CHARS) throw malformed()
  if (typeof colour !== 'string' || !/^#[0-9a-f]{6}$/.test(colour)) throw malformed()
  return { text, colour }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return value as Readonly<Record<string, unknown>>
}

function malformed(): E2eeError {
  return new E2eeError('E_TOKEN_FORMAT')
}
