/**
 * How HELLOs spread: to everybody on arrival, back to whoever is new, again to whoever stays silent.
 *
 * The TCS's lists only say whose HELLO to expect. Somebody announced without a HELLO is waited for, never given a key.
 */
import type { MemberId } from '../../protocol.ts'
import type { Cancel, Clock } from '../../clock.ts'

/** A round trip and the checks of a thousand HELLOs (1.2 s measured) fit into this. */
const SILENCE_MS = 2000
const MAX_SILENCE_MS = 16_000
const MAX_EXPECTED = 1200

export interface GreetingHost {
  readonly clock: Clock
  readonly memberId: MemberId
  knows(memberId: string): boolean
  sendHello(to: MemberId | '*'): void
  run(task: () => void): void
}

export class Greeting {
  readonly #host: GreetingHost
  /** Announced members whose HELLO is missing, and how long to wait before asking again. */
  readonly #expected = new Map<MemberId, { waitMs: number; cancel: Cancel }>()
  /** Who was sent our newest HELLO. */
  readonly #greeted = new Set<MemberId>()
  #arrived = false
  #ready = false
  #onReady: (() => void)[] = []
  #cancelGuard: Cancel | null = null

  constructor(host: GreetingHost) {
    this.#host = host
  }

  /** Everybody the TCS says is connected: at arrival and after a reconnection. */
  roster(memberIds: readonly MemberId[]): void {
    const others = memberIds.filter((memberId) => memberId !== this.#host.memberId)
    for (const memberId of this.#expected.keys()) {
      if (!others.includes(memberId)) this.forget(memberId)
    }
    for (const memberId of others) this.expect(memberId)
    this.broadcast(others)
    if (this.#arrived) return
    this.#arrived = true
    if (others.length === 0) {
      this.#open()
      return
    }
    // Two newcomers may wait for each other, and an announced member may not exist: go on with those verified.
    this.#cancelGuard = this.#host.clock.setTimer(SILENCE_MS, () => {
      this.#host.run(() => this.#open())
    })
  }

  /** Our HELLO to everybody connected. */
  broadcast(connected: readonly MemberId[]): void {
    this.#greeted.clear()
    for (const memberId of connected) this.#greeted.add(memberId)
    this.#host.sendHello('*')
  }

  expect(memberId: MemberId): void {
    const known = this.#host.knows(memberId) || this.#expected.has(memberId)
    if (known || memberId === this.#host.memberId || this.#expected.size >= MAX_EXPECTED) return
    this.#expected.set(memberId, {
      waitMs: SILENCE_MS,
      cancel: this.#askLater(memberId, SILENCE_MS),
    })
  }

  /** A HELLO of somebody new was accepted: answer it, once per HELLO of ours. */
  answer(memberId: MemberId): void {
    this.#stopExpecting(memberId)
    if (this.#greeted.has(memberId)) return
    this.#greeted.add(memberId)
    this.#host.sendHello(memberId)
  }

  /** Our HELLO to a member that knows it, or should: it sends its own back. */
  repeat(memberId: MemberId): void {
    this.#host.sendHello(memberId)
  }

  forget(memberId: MemberId): void {
    this.#stopExpecting(memberId)
    this.#greeted.delete(memberId)
  }

  /** A member that was here before us told whom it knows: nothing speaks against sending our key now. */
  rosterReceived(): void {
    this.#open()
  }

  /** Calls back once our own key may be spread. */
  whenReady(run: () => void): void {
    if (this.#ready) run()
    else this.#onReady.push(run)
  }

  close(): void {
    this.#cancelGuard?.()
    for (const { cancel } of this.#expected.values()) cancel()
    this.#expected.clear()
    for (const run of this.#onReady.splice(0)) run()
  }

  #open(): void {
    this.#cancelGuard?.()
    this.#cancelGuard = null
    if (this.#ready) return
    this.#ready = true
    for (const run of this.#onReady.splice(0)) run()
  }

  #askLater(memberId: MemberId, waitMs: number): Cancel {
    return this.#host.clock.setTimer(waitMs, () => {
      this.#host.run(() => this.#ask(memberId))
    })
  }

  #ask(memberId: MemberId): void {
    const expected = this.#expected.get(memberId)
    if (expected === undefined) return
    this.#greeted.add(memberId)
    this.#host.sendHello(memberId)
    const waitMs = Math.min(expected.waitMs * 2, MAX_SILENCE_MS)
    this.#expected.set(memberId, { waitMs, cancel: this.#askLater(memberId, waitMs) })
  }

  #stopExpecting(memberId: MemberId): void {
    this.#expected.get(memberId)?.cancel()
    this.#expected.delete(memberId)
  }
}
