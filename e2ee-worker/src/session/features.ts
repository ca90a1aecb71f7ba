/** What each kind of signed broadcast does: one entry per type, called with the member that verifiably said it. */
import type { CodeStatement } from '../messages/code-statements.ts'
import type { Removal, Lock } from '../messages/statements.ts'
import type { StatementHandlers } from './incoming/broadcasts.ts'
import type { Chat } from './chat/chat.ts'
import type { MeetingCode } from './meeting-code/meeting-code.ts'
import type { Peer } from './members/member.ts'
import type { Presence } from './presence/presence.ts'
import type { Room } from './context.ts'
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
  room: Room,
  { presence, chat, code, vouching }: Listeners,
): StatementHandlers {
  const decided = async ({ memberId, hello }: Peer, decision: Removal | Lock, signed: Uint8Array) =>
    room.moderation.take(
      { memberId, role: hello.claims.role },
      decision,
      // Kept, and handed to newcomers.
      Uint8Array.from(signed),
    )
  const codeSaid = (peer: Peer, said: CodeStatement): Promise<void> => code.hear(peer, said)
  return {
    presence: (peer, statement) => presence.hear(peer, statement),
    leave: (peer) => room.remove([peer], false),
    removal: decided,
    lock: decided,
    'code-commit': codeSaid,
    'code-ack': codeSaid,
    'code-reveal': codeSaid,
    'code-result': codeSaid,
    chat: (peer, statement) => chat.hear(peer, statement),
    // Where nothing is vouched for, what a member says of it is of no interest.
    vouch: (peer, statement) => vouching?.hear(peer, statement),
  }
}
