/**
 * Writes down what was refused, without letting floods of it fill the disk: the first of a kind soon after it happened,
 * its repetitions in one entry a minute, and everything beyond a budget in one entry a minute for all.
 */
import type { AuditAction, AuditObject } from '../../contract/audit.ts'
import type { Rows, Store } from '../../store/store.ts'
import { Ceilings } from '../limits/ceilings.ts'
import { networkOf } from '../limits/network.ts'
import type { Actor } from './actor.ts'
import { record } from './record.ts'

/** Kinds that are told apart: a hundred at once, and twenty a minute. */
const KINDS = { capacity: 100, perSecond: 1 / 3 } as const
const SERVER: AuditObject = { kind: 'server', id: '', name: '' }

export interface Refusal {
  readonly action: AuditAction
  /** A code, never what was typed. */
  readonly reason: string
  /** With the caller's network and the reason it tells one kind of refusal from others. Not written down. */
  readonly about: string
  /** What it was about; looked up afterwards, so that no reply takes longer for what exists. */
  readonly object: (rows: Rows) => Promise<AuditObject>
}

interface Kind {
  readonly actor: Actor
  readonly refusal: Refusal
  repeated: number
}

interface Surroundings {
  readonly store: Store
  readonly now: () => number
  readonly later: (work: () => Promise<void>) => void
}

export class Refusals {
  readonly #surroundings: Surroundings
  readonly #budget: Ceilings
  readonly #kinds = new Map<string, Kind>()
  /** How often each action was refused beyond the budget. */
  readonly #others = new Map<AuditAction, number>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    this.#budget = new Ceilings(KINDS, surroundings.now)
  }

  note(actor: Actor, refusal: Refusal): void {
    const { action, reason, about } = refusal
    const who = actor.account?.id ?? networkOf(actor.from)
    const key = JSON.stringify([action, reason, about, who])
    const known = this.#kinds.get(key)
    if (known !== undefined) {
      known.repeated += 1
    } else if (this.#budget.take('')) {
      this.#kinds.set(key, { actor, refusal, repeated: 0 })
      this.#surroundings.later(() => this.#write(actor, refusal, 1))
    } else {
      this.#others.set(action, (this.#others.get(action) ?? 0) + 1)
    }
  }

  /** Writes what was repeated since the last time. Called once a minute, and at the end. */
  async flush(): Promise<void> {
    const kinds = [...this.#kinds.values()]
    const others = [...this.#others]
    this.#kinds.clear()
    this.#others.clear()
    for (const { actor, refusal, repeated } of kinds) {
      if (repeated > 0) await this.#write(actor, refusal, repeated)
    }
    const server = { account: null, from: '' }
    const object = () => Promise.resolve(SERVER)
    for (const [action, times] of others) {
      await this.#write(server, { action, reason: 'many-others', about: '', object }, times)
    }
  }

  async #write(actor: Actor, refusal: Refusal, times: number): Promise<void> {
    const { store, now } = this.#surroundings
    const { action, reason } = refusal
    await store.atomically(async (rows) => {
      const object = await refusal.object(rows)
      await record(rows, actor, now(), { action, object, details: { reason, times } })
    })
  }
}
