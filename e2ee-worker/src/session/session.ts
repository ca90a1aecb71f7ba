/**
 * One meeting session: composes who we are, who is in, whose keys we hold and when ours change.
 *
 * Everything that changes it (bytes from the TCS, its hints, timers, calls of the page) goes through one queue.
 */
import { E2eeError, codeOf } from '../errors.ts'
import type { MemberKeys } from '../keys/member-keys.ts'
import { Sender } from '../keys/send-chain.ts'
import { permissionFor, verifyToken } from '../trust/token.ts'
import { STREAM_INDEX } from '../protocol.ts'
import type { MemberId, StreamDescriptor, WorkerEvent } from '../protocol.ts'
import { Broadcasts } from './incoming/broadcasts.ts'
import { Chat } from './chat/chat.ts'
import type { Clock } from '../clock.ts'
import { Inbox } from './incoming/inbox.ts'
import { MeetingCode } from './meeting-code/meeting-code.ts'
import { MemberList } from './members/member-list.ts'
import { openContext } from './open-context.ts'
import type { DeviceTrust } from './members/device-trust.ts'
import { Presence, type HeldBack } from './presence/presence.ts'
import { SerialQueue } from '../queue.ts'
import type { Opening, SessionContext } from './context.ts'
import { ServerCheck } from './server-check.ts'
import { statementHandlers } from './features.ts'
import { Upkeep } from './presence/upkeep.ts'
import { Vouching, type OnAuthenticity } from './vouching/vouching.ts'

/** A HELLO at least this new needs no successor after a reconnection: the page had fetched a token for it. */
const FRESH_HELLO_MS = 30_000

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
  readonly chat: Chat
  readonly meetingCode: MeetingCode
  readonly #context: SessionContext
  readonly #queue = new SerialQueue(() => this.#context.outbox.flush())
  readonly #broadcasts: Broadcasts
  readonly #inbox: Inbox
  readonly #upkeep: Upkeep
  readonly #presence: Presence
  readonly #vouching: Vouching | null
  readonly #list: MemberList
  #connectedBefore = false
  #showing = false
  #closed = false
  readonly #ended = Promise.withResolvers<undefined>()

  constructor(opening: Opening, deps: SessionDeps) {
    const { sender } = this
    this.server = new ServerCheck(opening.me, opening.tcsKeys)
    this.#context = openContext(opening, {
      ...{ ...deps, sender },
      run: (task) => this.#run(task),
      decide: (decision) => this.#decide(decision),
      keysArrived: (memberId) => {
        deps.keysArrived(memberId)
        this.chat.keysArrived(memberId)
      },
    })
    this.chat = new Chat(this.#context, sender, () =>
      this.#untilKeyed((done) => this.#context.rotation.ready(done)),
    )
    this.meetingCode = new MeetingCode(this.#context)
    this.#presence = new Presence(this.#context, sender, deps.heldBack)
    const { vouch } = opening.me.credential.claims
    this.#vouching = vouch ? new Vouching(this.#context, sender, deps.authenticity) : null
    const handlers = statementHandlers(this.#context, {
      ...{ presence: this.#presence, chat: this.chat, code: this.meetingCode },
      vouching: this.#vouching,
    })
    this.#broadcasts = new Broadcasts(this.#context, handlers)
    this.#inbox = new Inbox(this.#context, this.#broadcasts)
    this.#upkeep = new Upkeep(this.#context)
    this.#list = new MemberList(deps.emit)
  }

  get memberId(): MemberId {
    return this.#context.me.memberId
  }

  /** Tasks not finished yet. */
  get busy(): number {
    return this.#queue.size
  }

  get people(): DeviceTrust {
    return this.#context.people
  }

  /** Keys of the member believed to own a consumer; null for somebody not admitted, or blocked. */
  keysOf(memberId: string): MemberKeys | null {
    const member = this.#context.members.get(memberId)
    if (member === undefined || member.blocked) return null
    this.#vouching?.watch(member)
    return member.keys
  }

  /** A frame of this member named a key that we do not hold. */
  missKey(memberId: string): void {
    this.#context.run(async () => {
      const member = this.#context.members.get(memberId)
      if (member && !member.blocked) await this.#context.requestKey(member)
    })
  }

  signal(from: string, bytes: Uint8Array): void {
    this.#inbox.signal(from, bytes)
  }

  /** Everybody the TCS says is connected: at arrival and after a reconnection. */
  roster(memberIds: readonly string[]): void {
    const { clock, greeting, me, members } = this.#context
    this.#context.run(() => {
      this.#presence.connected(true)
      this.#vouching?.connected(true)
      const ids = memberIds.filter(isMemberId)
      for (const member of members.all()) {
        if (ids.includes(member.memberId)) this.#upkeep.back(member)
        else this.#upkeep.lost(member)
      }
      greeting.roster(ids)
      const stale = clock.now() - me.current.madeAt > FRESH_HELLO_MS
      if (this.#connectedBefore && stale) this.#context.needToken()
      this.#connectedBefore = true
    })
  }

  /** The connection to the TCS is gone, until the next `roster`. */
  cut(): void {
    this.#context.run(() => {
      this.#presence.connected(false)
      this.#vouching?.connected(false)
      this.#broadcasts.cut()
      this.meetingCode.cut()
    })
  }

  joined(memberId: string): void {
    const { greeting, members, rotation } = this.#context
    this.#context.run(async () => {
      if (!isMemberId(memberId)) return
      const member = members.get(memberId)
      if (member === undefined) {
        greeting.expect(memberId)
        return
      }
      this.#upkeep.back(member)
      const gen = this.sender.current?.gen
      if (gen !== undefined && !member.acked.has(gen)) await rotation.resend(member)
    })
  }

  /** `left` is believed at once, because refusing to share keys is the safe mistake. */
  departed(memberId: string, reason: 'left' | 'lost'): void {
    const { greeting, members, moderation } = this.#context
    this.#context.run(async () => {
      if (isMemberId(memberId)) {
        greeting.forget(memberId)
        moderation.forget(memberId)
      }
      const member = members.get(memberId)
      if (member === undefined) return
      if (reason === 'lost') this.#upkeep.lost(member)
      else await this.#context.remove([member], false)
    })
  }

  /**
   * Resolves once the keys of these streams are in use. Before the first `roster` it waits.
   * @throws E2eeError E_STREAM for what our token does not permit.
   */
  async publish(streams: readonly StreamDescriptor[]): Promise<void> {
    const { me, rotation } = this.#context
    const permitted = me.credential.claims.prm
    this.#requireOpen()
    for (const { idx, kind } of streams) {
      const fits = STREAM_INDEX[kind] === idx && permitted.includes(permissionFor(kind))
      if (!fits) throw new E2eeError('E_STREAM')
    }
    await this.#untilKeyed((done) => rotation.publish(streams, done))
    this.#requireOpen()
  }

  /** @throws E2eeError when the token is not ours, not of this session or its suite, or older than ours. */
  newToken(token: string): Promise<void> {
    const { clock, greeting, me, members, opening } = this.#context
    return this.#queue.run(async () => {
      this.#requireOpen()
      const claims = await verifyToken(token, opening.tokenRules(null))
      me.requireSuccessor(claims)
      opening.time.learn(claims.iat)
      await me.renew({ token, claims }, { now: clock.now(), tmmsNow: opening.time.now() })
      greeting.broadcast(members.all().map((member) => member.memberId))
    })
  }

  /** @throws E2eeError E_STATE unless we are a moderator and the member is there. */
  removeMember(memberId: string): Promise<void> {
    return this.#decide(() => this.#context.moderation.removeMember(memberId))
  }

  /** @throws E2eeError E_STATE unless we are a moderator. */
  lock(locked: boolean): Promise<void> {
    return this.#decide(() => this.#context.moderation.lock(locked))
  }

  /** Says goodbye, then erases every key, also when there is no saying goodbye. */
  close(): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#closed) return
      try {
        for (const member of this.#context.members.all())
          await this.#context.seal(member, { type: 'bye' })
        await this.#context.say({ type: 'leave' })
      } finally {
        this.#erase()
      }
    })
  }

  #erase(): void {
    const { greeting, me, members, roster, rotation } = this.#context
    this.#closed = true
    this.#ended.resolve(undefined)
    this.#upkeep.close()
    this.chat.close()
    this.meetingCode.close()
    this.#presence.close()
    this.#vouching?.close()
    roster.close()
    rotation.close()
    greeting.close()
    members.erase()
    me.erase()
  }

  /** Asks for a key once ours may be spread; resolves when the answer came or the session ended. */
  #untilKeyed(ask: (done: () => void) => Promise<void>): Promise<unknown> {
    const context = this.#context
    const keyed = new Promise<void>((resolve) => {
      context.run(() => context.greeting.whenReady(() => context.run(() => ask(resolve))))
    })
    return Promise.race([keyed, this.#ended.promise])
  }

  #requireOpen(): void {
    if (this.#closed) throw new E2eeError('E_STATE')
  }

  #decide(decision: () => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      this.#requireOpen()
      await decision()
      await this.#settle()
    })
  }

  #run(task: () => void | Promise<void>): void {
    const guarded = async (): Promise<void> => {
      if (this.#closed) return
      await task()
      await this.#settle()
    }
    this.#queue.run(guarded).catch((error: unknown) => this.#context.warn(codeOf(error), null))
  }

  /** What follows from any change: lists to compare and to show. */
  async #settle(): Promise<void> {
    await this.#context.roster.note()
    await this.meetingCode.note()
    if (this.#showing) return
    this.#showing = true
    const { clock, members } = this.#context
    const waitMs = this.#list.waitMs(members.size, clock.now())
    if (waitMs > 0) clock.setTimer(waitMs, () => this.#show())
    else this.#show()
  }

  /** Once for all that waits by now. */
  #show(): void {
    const { clock, members } = this.#context
    void this.#queue.run(() => {
      this.#showing = false
      if (this.#closed) return
      this.#list.show(members.all(), this.sender.current?.gen ?? null, clock.now())
    })
  }
}

function isMemberId(value: string): value is MemberId {
  return /^[0-9a-f]{32}$/.test(value)
}
