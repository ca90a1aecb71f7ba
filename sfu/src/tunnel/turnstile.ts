/**
 * Work of those who have proved nothing is done last: a little in each turn of the event loop, network after network, so
 * that neither members nor other networks wait for one that floods.
 */
import { guarded } from '../guarded.ts'
import { Budget, type Allowance } from './budget.ts'

export interface TurnstileLimits {
  /** Pieces of work in one turn of the event loop. */
  readonly pieces: number
  /** A turn ends after this, however few pieces it did. */
  readonly turnMs: number
  /** What the strangers of one network may ask for in sum, in pieces. */
  readonly network: Allowance
  /** How often those who have used up their budget are looked at again. */
  readonly restMs: number
}

/** Somebody with work to do. */
export interface Guest {
  readonly network: string
  /** In pieces. */
  readonly cost: number
  /** Does one piece of it. `rest` asks to be called again when `rested` says so. */
  advance(nowMs: number): 'more' | 'rest' | 'done'
  rested(nowMs: number): boolean
}

interface Lane {
  readonly budget: Budget
  readonly guests: Set<Guest>
  /** Has used up its budget. */
  spent: boolean
}

export class Turnstile {
  readonly #limits: TurnstileLimits
  readonly #clock: () => number
  readonly #lanes = new Map<string, Lane>()
  /** Those that have guests and budget; the first is next. */
  readonly #ready = new Set<Lane>()
  readonly #resting = new Set<Guest>()
  readonly #turn: () => void
  readonly #wake: () => void
  #turning = false
  #waking: NodeJS.Timeout | undefined

  /** @param report gets what a guest throws */
  constructor(limits: TurnstileLimits, clock: () => number, report: (error: unknown) => void) {
    this.#limits = limits
    this.#clock = clock
    this.#turn = guarded(() => this.#takeTurn(), report)
    this.#wake = guarded(() => this.#wakeAll(), report)
  }

  /** Idempotent while the guest waits. */
  enter(guest: Guest): void {
    if (this.#resting.has(guest)) return
    const lane = this.#laneOf(guest.network)
    lane.guests.add(guest)
    if (lane.spent) return
    this.#ready.add(lane)
    this.#schedule()
  }

  /** Forgets a guest that has gone. */
  leave(guest: Guest): void {
    this.#lanes.get(guest.network)?.guests.delete(guest)
    this.#resting.delete(guest)
  }

  /** Puts a guest off until budgets have refilled. */
  rest(guest: Guest): void {
    this.#lanes.get(guest.network)?.guests.delete(guest)
    this.#resting.add(guest)
    this.#wakeLater()
  }

  /** For what a network has cost besides its pieces. */
  charge(network: string, cost: number): void {
    this.#laneOf(network).budget.spend(cost, this.#clock())
  }

  /** Called every few seconds: forgets networks that ask for nothing. */
  expire(nowMs: number): void {
    for (const [network, { budget, guests }] of this.#lanes) {
      if (guests.size === 0 && budget.full(nowMs)) this.#lanes.delete(network)
    }
  }

  #takeTurn(): void {
    this.#turning = false
    const startMs = this.#clock()
    for (let pieces = 0; pieces < this.#limits.pieces; pieces += 1) {
      const lane = this.#nextLane()
      const guest = lane?.guests.values().next().value
      if (lane === undefined || guest === undefined) break
      const nowMs = this.#clock()
      if (nowMs - startMs > this.#limits.turnMs) {
        this.#ready.add(lane)
        break
      }
      this.#serve(lane, guest, nowMs)
    }
    if (this.#ready.size > 0) this.#schedule()
  }

  #serve(lane: Lane, guest: Guest, nowMs: number): void {
    if (!lane.budget.covered(nowMs)) {
      lane.spent = true
      this.#wakeLater()
      return
    }
    lane.guests.delete(guest)
    lane.budget.spend(guest.cost, nowMs)
    const next = guest.advance(nowMs)
    if (next === 'more') lane.guests.add(guest)
    else if (next === 'rest') this.rest(guest)
    if (lane.guests.size > 0) this.#ready.add(lane)
  }

  /** Taken out of `#ready`, so that it comes last when it is put back. */
  #nextLane(): Lane | undefined {
    for (const lane of this.#ready) {
      this.#ready.delete(lane)
      if (lane.guests.size > 0) return lane
    }
    return undefined
  }

  #wakeAll(): void {
    this.#waking = undefined
    const nowMs = this.#clock()
    for (const lane of this.#lanes.values()) {
      if (!lane.spent) continue
      lane.spent = !lane.budget.covered(nowMs)
      if (lane.spent) this.#wakeLater()
      else this.#ready.add(lane)
    }
    for (const guest of this.#resting) {
      if (!guest.rested(nowMs)) continue
      this.#resting.delete(guest)
      this.enter(guest)
    }
    if (this.#resting.size > 0) this.#wakeLater()
    if (this.#ready.size > 0) this.#schedule()
  }

  #schedule(): void {
    if (this.#turning) return
    this.#turning = true
    const turn = this.#turn
    setImmediate(turn)
  }

  #wakeLater(): void {
    if (this.#waking !== undefined) return
    const wake = this.#wake
    this.#waking = setTimeout(wake, this.#limits.restMs).unref()
  }

  #laneOf(network: string): Lane {
    const known = this.#lanes.get(network)
    if (known !== undefined) return known
    const budget = new Budget(this.#limits.network, this.#clock())
    const lane = { budget, guests: new Set<Guest>(), spent: false }
    this.#lanes.set(network, lane)
    return lane
  }
}
