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
import { openRoom } from './open-context.ts'
import type { People } from './members/device-trust.ts'
import { Presence, type HeldBack } from './presence/presence.ts'
import { SerialQueue } from '../queue.ts'
import type { Opening, Room } from './context.ts'
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
  readonly #room: Room
  readonly #queue = new SerialQueue(() => this.#room.outbox.flush())
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
    this.#room = openRoom(opening, {
      ...{ ...deps, sender },
      run: (task) => this.#run(task),
      decide: (decision) => this.#decide(decision),
      keysArrived: (memberId) => {
        deps.keysArrived(memberId)
        this.chat.keysArrived(memberId)
      },
    })
    this.chat = new Chat(this.#room, sender, () =>
      this.#untilKeyed((done) => this.#room.rotation.ready(done)),
    )
    this.meetingCode = new MeetingCode(this.#room)
    this.#presence = new Presence(this.#room, sender, deps.heldBack)
    const { vouch } = opening.me.credential.claims
    this.#vouching = vouch ? new Vouching(this.#room, sender, deps.authenticity) : null
    const handlers = statementHandlers(this.#room, {
      ...{ presence: this.#presence, chat: this.chat, code: this.meetingCode },
      vouching: this.#vouching,
    })
    this.#broadcasts = new Broadcasts(this.#room, handlers)
    this.#inbox = new Inbox(this.#room, this.#broadcasts)
    this.#upkeep = new Upkeep(this.#room)
    this.#list = new MemberList(deps.emit)
  }

  get memberId(): MemberId {
    return this.#room.me.memberId
  }

  /** Tasks not finished yet. */
  get busy(): number {
    return this.#queue.size
  }

  get people(): People {
    return this.#room.people
  }

  /** Keys of the member believed to own a consumer; null for somebody not admitted, or blocked. */
  keysOf(memberId: string): MemberKeys | null {
    const peer = this.#room.members.get(memberId)
    if (peer === undefined || peer.blocked) return null
    this.#vouching?.watch(peer)
    return peer.keys
  }

  /** A frame of this member named a key that we do not hold. */
  missKey(memberId: string): void {
    this.#room.run(async () => {
      const peer = this.#room.members.get(memberId)
      if (peer && !peer.blocked) await this.#room.requestKey(peer)
    })
  }

  signal(from: string, bytes: Uint8Array): void {
    this.#inbox.signal(from, bytes)
  }

  /** Everybody the TCS says is connected: at arrival and after a reconnection. */
  roster(memberIds: readonly string[]): void {
    const { clock, greeting, me, members } = this.#room
    this.#room.run(() => {
      this.#presence.connected(true)
      this.#vouching?.connected(true)
      const ids = memberIds.filter(isMemberId)
      for (const peer of members.all()) {
        if (ids.includes(peer.memberId)) this.#upkeep.back(peer)
        else this.#upkeep.lost(peer)
      }
      greeting.roster(ids)
      const stale = clock.now() - me.current.madeAt > FRESH_HELLO_MS
      if (this.#connectedBefore && stale) this.#room.needToken()
      this.#connectedBefore = true
    })
  }

  /** The connection to the TCS is gone, until the next `roster`. */
  cut(): void {
    this.#room.run(() => {
      this.#presence.connected(false)
      this.#vouching?.connected(false)
      this.#broadcasts.cut()
      this.meetingCode.cut()
    })
  }

  joined(memberId: string): void {
    const { greeting, members, rotation } = this.#room
    this.#room.run(async () => {
      if (!isMemberId(memberId)) return
      const peer = members.get(memberId)
      if (peer === undefined) {
        greeting.expect(memberId)
        return
      }
      this.#upkeep.back(peer)
      const gen = this.sender.current?.gen
      if (gen !== undefined && !peer.acked.has(gen)) await rotation.resend(peer)
    })
  }

  /** `left` is believed at once, because refusing to share keys is the safe mistake. */
  departed(memberId: string, reason: 'left' | 'lost'): void {
    const { greeting, members, moderation } = this.#room
    this.#room.run(async () => {
      if (isMemberId(memberId)) {
        greeting.forget(memberId)
        moderation.forget(memberId)
      }
      const peer = members.get(memberId)
      if (peer === undefined) return
      if (reason === 'lost') this.#upkeep.lost(peer)
      else await this.#room.remove([peer], false)
    })
  }

  /**
   * Resolves once the keys of these streams are in use. Before the first `roster` it waits.
   * @throws E2eeError E_STREAM for what our token does not permit.
   */
  async publish(streams: readonly StreamDescriptor[]): Promise<void> {
    const { me, rotation } = this.#room
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
    const { clock, greeting, me, members, opening } = this.#room
    return this.#queue.run(async () => {
      this.#requireOpen()
      const claims = await verifyToken(token, opening.tokenRules(null))
      me.requireSuccessor(claims)
      opening.time.learn(claims.iat)
      await me.renew({ token, claims }, { now: clock.now(), tmmsNow: opening.time.now() })
      greeting.broadcast(members.all().map((peer) => peer.memberId))
    })
  }

  /** @throws E2eeError E_STATE unless we are a moderator and the member is there. */
  removeMember(memberId: string): Promise<void> {
    return this.#decide(() => this.#room.moderation.removeMember(memberId))
  }

  /** @throws E2eeError E_STATE unless we are a moderator. */
  lock(locked: boolean): Promise<void> {
    return this.#decide(() => this.#room.moderation.lock(locked))
  }

  /** Says goodbye, then erases every key, also when there is no saying goodbye. */
  close(): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#closed) return
      try {
        for (const peer of this.#room.members.all()) await this.#room.seal(peer, { type: 'bye' })
        await this.#room.say({ type: 'leave' })
      } finally {
        this.#erase()
      }
    })
  }

  #erase(): void {
    const { greeting, me, members, roster, rotation } = this.#room
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
    const room = this.#room
    const keyed = new Promise<void>((resolve) => {
      room.run(() => room.greeting.whenReady(() => room.run(() => ask(resolve))))
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
    this.#queue.run(guarded).catch((error: unknown) => this.#room.warn(codeOf(error), null))
  }

  /** What follows from any change: lists to compare and to show. */
  async #settle(): Promise<void> {
    await this.#room.roster.note()
    await this.meetingCode.note()
    if (this.#showing) return
    this.#showing = true
    const { clock, members } = this.#room
    const waitMs = this.#list.waitMs(members.size, clock.now())
    if (waitMs > 0) clock.setTimer(waitMs, () => this.#show())
    else this.#show()
  }

  /** Once for all that waits by now. */
  #show(): void {
    const { clock, members } = this.#room
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
