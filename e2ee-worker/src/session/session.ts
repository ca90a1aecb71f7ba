/**
 * One meeting session: composes who we are, who is in, whose keys we hold and when ours change.
 *
 * Everything that changes it (bytes from the TCS, its hints, timers, calls of the page) goes through one queue.
 */
import { receivedAt, type Clock } from '../clock.ts'
import { E2eeError, codeOf } from '../errors.ts'
import type { MemberKeys } from '../keys/member-keys.ts'
import { Sender } from '../keys/sender.ts'
import { STREAM_INDEX } from '../protocol.ts'
import type { Calls, MeetingPolicy } from '../calls.ts'
import type { WorkerEvent } from '../events.ts'
import type { MemberId, StreamDescriptor } from '../protocol.ts'
import { permissionFor, verifyToken } from '../trust/token.ts'
import type { Opening, SessionContext } from './context.ts'
import { Features } from './features.ts'
import { Broadcasts } from './incoming/broadcasts.ts'
import { Inbox } from './incoming/inbox.ts'
import { Connections } from './connections.ts'
import type { DeviceTrust } from './members/device-trust.ts'
import { MemberList } from './members/member-list.ts'
import { openContext } from './open-context.ts'
import type { HeldBack } from './presence/presence.ts'
import { ServerCheck } from './server-check.ts'
import { Tasks } from './tasks.ts'
import type { OnAuthenticity } from './vouching/vouching.ts'

export interface SessionDeps {
  readonly clock: Clock
  readonly emit: (event: WorkerEvent) => void
  /** A new key of this member was accepted: its frames may open from now on. */
  readonly keysArrived: (memberId: MemberId) => void
  readonly heldBack: HeldBack
  readonly authenticity: OnAuthenticity
}

export class Session {
  /** Our current sender key, for the transforms; null means that nothing may be sent. */
  readonly sender = new Sender()
  readonly server: ServerCheck
  readonly connections: Connections
  readonly #features: Features
  readonly #context: SessionContext
  readonly #tasks: Tasks
  readonly #inbox: Inbox
  readonly #list: MemberList

  constructor(opening: Opening, deps: SessionDeps) {
    const { sender } = this
    this.server = new ServerCheck(opening.me, opening.tcsKeys)
    const tasks = new Tasks({
      idle: () => this.#context.outbox.flush(),
      settle: () => this.#settle(),
      failed: (error) => this.#context.warn(codeOf(error), null),
    })
    this.#tasks = tasks
    this.#context = openContext(opening, {
      ...{ ...deps, sender, tasks },
      keysArrived: (memberId) => {
        deps.keysArrived(memberId)
        this.#features.keysArrived(memberId)
      },
      memberAdmitted: (member) => this.#features.memberAdmitted(member),
    })
    this.#features = new Features(this.#context)
    const broadcasts = new Broadcasts(this.#context, this.#features.handlers(), (member) =>
      this.#features.statementsMissed(member),
    )
    this.#inbox = new Inbox(this.#context, broadcasts)
    this.connections = new Connections(
      this.#context,
      this.#features.open.upkeep,
      (connected: boolean) => {
        this.#features.connectionChanged(connected)
        broadcasts.connectionChanged(connected)
      },
    )
    this.#list = new MemberList(this.#context, deps.emit)
  }

  get memberId(): MemberId {
    return this.#context.me.memberId
  }

  /** Tasks not finished yet. */
  get busy(): number {
    return this.#tasks.size
  }

  get features(): Features['open'] {
    return this.#features.open
  }

  get deviceTrust(): DeviceTrust {
    return this.#context.deviceTrust
  }

  /** Keys of the member believed to own a consumer; null for somebody not admitted, or blocked. */
  keysOf(memberId: string): MemberKeys | null {
    const member = this.#context.members.get(memberId)
    return member === undefined || member.blocked ? null : member.keys
  }

  /** A frame of this member could not be opened: a key may have been lost on its way. */
  requestKey(memberId: string): void {
    this.#context.run(async () => {
      const member = this.#context.members.get(memberId)
      if (member && !member.blocked) await this.#context.requestKey(member)
    })
  }

  /** Bytes that the TCS relayed, and who it says has sent them. */
  receive(from: string, bytes: Uint8Array): void {
    this.#inbox.receive(from, bytes)
  }

  /**
   * Resolves once the keys of these streams are in use. Before the first `roster` it waits.
   * @throws E2eeError E_STREAM for what our token does not permit.
   */
  async publish(streams: readonly StreamDescriptor[]): Promise<void> {
    const { me, rotation } = this.#context
    const permitted = me.credential.claims.prm
    this.#tasks.requireOpen()
    for (const { idx, kind } of streams) {
      const fits = STREAM_INDEX[kind] === idx && permitted.includes(permissionFor(kind))
      if (!fits) throw new E2eeError('E_STREAM')
    }
    await this.#context.untilKeyed((done) => rotation.publish(streams, done))
    this.#tasks.requireOpen()
  }

  /**
   * @throws E2eeError when the token is not ours, not of this session or its suite, or older than ours; E_TOKEN_KEY when a
   * newer key set may mend it; what `start` answers to a key set.
   */
  async newToken({ token, tokenAgeMs, keySet }: Calls['new-token']['request']): Promise<void> {
    const { clock, greeting, me, members, opening } = this.#context
    // Taken now: this task may wait for others, and the token grows older meanwhile.
    const at = receivedAt(clock, tokenAgeMs)
    return this.#tasks.decide(async () => {
      if (keySet !== undefined) await opening.renewKeys(keySet)
      const claims = await verifyToken(token, opening.tokenRules(null))
      me.requireSuccessor(claims)
      opening.time.learn({ iatS: claims.iat, receivedAt: at })
      const before = me.credential.claims.policy
      await me.renew({ token, claims }, { now: clock.now(), tmmsNow: opening.time.now() })
      const { policy } = claims
      if (!samePolicy(before, policy)) this.#context.emit({ type: 'policy', policy })
      greeting.broadcast(members.all().map((member) => member.memberId))
    })
  }

  /** Says goodbye, then erases every key, also when there is no saying goodbye. */
  close(): Promise<void> {
    return this.#tasks.close(
      async () => {
        const { members } = this.#context
        for (const member of members.all()) await this.#context.seal(member, { type: 'bye' })
        await this.#context.broadcast({ type: 'leave' })
      },
      () => this.#erase(),
    )
  }

  #erase(): void {
    const { greeting, me, members, rotation } = this.#context
    this.#features.close()
    rotation.close()
    greeting.close()
    members.erase()
    me.erase()
  }

  async #settle(): Promise<void> {
    await this.#features.settle()
    this.#list.settle()
  }
}

function samePolicy(one: MeetingPolicy, other: MeetingPolicy): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
