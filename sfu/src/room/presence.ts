/** Who is in which meeting, since when; told to whoever keeps it, and asked for by whoever may see it. */
import { randomUUID } from 'node:crypto'
import type { Presence, PresenceChange, PresentPeer } from '@huisclos/tmms/contract/presence'
import type { Peer } from './peer.ts'

interface Stay {
  readonly connection: string
  readonly sinceMs: number
}

export class PresenceBook implements Presence {
  /** By meeting; none without anybody in it. */
  readonly #meetings = new Map<string, Map<Peer, Stay>>()
  readonly #now: () => number
  readonly #onChange: (change: PresenceChange) => void

  /** @param onChange throws nothing. */
  constructor(now: () => number, onChange: (change: PresenceChange) => void) {
    this.#now = now
    this.#onChange = onChange
  }

  came(peer: Peer): void {
    const stay = { connection: randomUUID(), sinceMs: this.#now() }
    const stays = this.#meetings.get(peer.mid) ?? new Map<Peer, Stay>()
    this.#meetings.set(peer.mid, stays.set(peer, stay))
    this.#tell(peer, stay, { there: true, atMs: stay.sinceMs })
  }

  /** Idempotent. */
  went(peer: Peer): void {
    const stays = this.#meetings.get(peer.mid)
    const stay = stays?.get(peer)
    if (stays === undefined || stay === undefined) return
    stays.delete(peer)
    if (stays.size === 0) this.#meetings.delete(peer.mid)
    this.#tell(peer, stay, { there: false, atMs: this.#now() })
  }

  count(mid: string): number {
    return this.#meetings.get(mid)?.size ?? 0
  }

  async peersIn(mid: string): Promise<readonly PresentPeer[]> {
    return Promise.all(
      [...(this.#meetings.get(mid) ?? [])].map(async ([peer, { sinceMs }]) => ({
        sub: peer.sub,
        sinceMs,
        // It may have left meanwhile, or its media worker have died.
        quality: (await peer.prepared?.quality().catch(() => null)) ?? null,
      })),
    )
  }

  #tell(
    { mid, sub }: Peer,
    { connection }: Stay,
    change: Pick<PresenceChange, 'there' | 'atMs'>,
  ): void {
    this.#onChange({ connection, mid, sub, ...change })
  }
}
