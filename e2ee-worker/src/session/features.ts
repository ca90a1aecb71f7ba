/** What each kind of signed broadcast does: one entry per type, called with the member that verifiably said it. */
import type { CodeStatement } from '../messages/code-statements.ts'
import type { Removal, Lock } from '../messages/statements.ts'
import type { StatementHandlers } from './incoming/broadcasts.ts'
import type { Chat } from './chat/chat.ts'
import type { MeetingCode } from './meeting-code/meeting-code.ts'
import type { Member } from './members/member.ts'
import type { Presence } from './presence/presence.ts'
import type { SessionContext } from './context.ts'
import type { Vouching } from './vouching/vouching.ts'

/** The parts of a session that listen to broadcasts, beside its room. */
export interface Listeners {
  readonly presence: Presence
  readonly chat: Chat
  /** Null unless the meeting's tokens ask for it. */
  readonly vouching: Vouching | null
  readonly code: MeetingCode
}

export function statementHandlers(
  context: SessionContext,
  { presence, chat, code, vouching }: Listeners,
): StatementHandlers {
  const decided = async (
    { memberId, hello }: Member,
    decision: Removal | Lock,
    signed: Uint8Array,
  ) =>
    context.moderation.take(
      { memberId, role: hello.claims.role },
      decision,
      // Kept, and handed to newcomers.
      Uint8Array.from(signed),
    )
  const codeSaid = (member: Member, said: CodeStatement): Promise<void> => code.hear(member, said)
  return {
    presence: (member, statement) => presence.hear(member, statement),
    leave: (member) => context.remove([member], false),
    removal: decided,
    lock: decided,
    'code-commit': codeSaid,
    'code-ack': codeSaid,
    'code-reveal': codeSaid,
    'code-result': codeSaid,
    chat: (member, statement) => chat.hear(member, statement),
    // Where nothing is vouched for, what a member says of it is of no interest.
    vouch: (member, statement) => vouching?.hear(member, statement),
  }
}
