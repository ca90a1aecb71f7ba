/** What a feature of a session may answer to. Each part is optional: a feature names only what concerns it. */
import type { MemberId } from '../protocol.ts'
import type { StatementHandlers } from './incoming/broadcasts.ts'
import type { Member } from './members/member.ts'

export type Handlers = Partial<StatementHandlers>

export interface Feature {
  /** The signed statements that it handles, by type. No two features handle the same one. */
  readonly handlers?: Handlers
  /** Whether there is a connection to the TCS now. */
  connectionChanged?(connected: boolean): void
  memberAdmitted?(member: Member): void
  /** Signed statements of this member were lost, or kept back. */
  statementsMissed?(member: Member): void
  /** A new key of this member was accepted. */
  keysArrived?(memberId: MemberId): void
  /** Runs after every task of the session: who is present may have changed. */
  settle?(): Promise<void>
  /** Ends its timers. */
  close?(): void
}
