/**
 * What the parts of one session share: who is in, our own side, and the few things they may all do.
 *
 * A feature names what it uses of it: `Pick<SessionContext, …>`, never the whole.
 */
import type { Clock, TmmsTime } from '../clock.ts'
import type { Sender } from '../keys/sender.ts'
import type { Control } from '../messages/control.ts'
import type { HelloRules } from '../messages/hello.ts'
import type { Statement } from '../messages/statements.ts'
import type { WorkerEvent } from '../events.ts'
import type { E2eeCode, MemberId } from '../protocol.ts'
import type { TcsKeys } from '../trust/tcs-identity.ts'
import type { TokenRules } from '../trust/token.ts'
import type { Bytes } from '../wire.ts'
import type { DeviceMemory, DeviceTrust } from './members/device-trust.ts'
import type { Greeting } from './members/greeting.ts'
import type { Me } from './members/me.ts'
import type { Member } from './members/member.ts'
import type { Members } from './members/members.ts'
import type { RosterCheck } from './members/roster-check.ts'
import type { Moderation } from './moderation/moderation.ts'
import type { Outbox } from './outgoing/outbox.ts'
import type { HeldBack } from './presence/presence.ts'
import type { Rotation } from './rotation/rotation.ts'
import type { Tasks } from './tasks.ts'
import type { OnAuthenticity } from './vouching/vouching.ts'

/** Everything that opening a session established once and for all. */
export interface Opening {
  readonly me: Me
  readonly time: TmmsTime
  /** Which TCS may be believed. */
  readonly tcsKeys: TcsKeys
  readonly devices: DeviceMemory
  /** Takes the keys that sign tokens now from the key set as it is served now. @throws as `verifyKeySet` */
  renewKeys(keySet: string): Promise<void>
  /** `nowMs` null for a token of our own. */
  tokenRules(nowMs: number | null): TokenRules
  helloRules(): Omit<HelloRules, 'ekSeen'>
}

/** What the worker around a session gives it. */
export interface ContextHost {
  readonly clock: Clock
  readonly sender: Sender
  readonly tasks: Tasks
  readonly heldBack: HeldBack
  readonly authenticity: OnAuthenticity
  readonly emit: (event: WorkerEvent) => void
  /** A new key of this member was accepted. */
  keysArrived(memberId: MemberId): void
  /** Its HELLO was accepted for the first time in this stay. */
  memberAdmitted(member: Member): void
}

export interface SessionContext extends ContextHost {
  readonly opening: Opening
  readonly me: Me
  readonly members: Members
  readonly greeting: Greeting
  readonly rotation: Rotation
  readonly roster: RosterCheck
  readonly moderation: Moderation
  readonly deviceTrust: DeviceTrust
  readonly outbox: Outbox
  warn(code: E2eeCode, memberId: string | null): void
  /** Its token lives. */
  alive(member: Member): boolean
  /** Alive and not blocked. */
  mayHaveKeys(member: Member): boolean
  /** Seals and sends; while further tasks wait, what they answer goes out together with it. */
  seal(member: Member, message: Control): Promise<void>
  /** Signs and sends to everybody; returns what was sent. */
  broadcast(statement: Statement): Promise<Bytes>
  /**
   * Those who go together cost one change of keys. `hard`: excluded rather than gone, so the key in use must not outlive
   * them.
   */
  remove(members: readonly Member[], hard: boolean): Promise<void>
  requestKey(member: Member): Promise<void>
  needToken(): void
  /** Calls `ask` once a key of ours may be spread; resolves when it says that it is done, or the session ended. */
  untilKeyed(ask: (done: () => void) => Promise<void>): Promise<unknown>
  /** Runs a task in the session's order. */
  readonly run: (task: () => void | Promise<void>) => void
  /** The same for what the page asked, which waits for it. @throws E2eeError E_STATE once the session is closed. */
  decide(decision: () => Promise<void>): Promise<void>
}
