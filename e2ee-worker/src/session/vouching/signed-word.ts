/**
 * What a sender has signed about one stream: the hashes of its frames, and how far its word goes.
 *
 * Counters of a KID begin at 0 and leave none out, so what a word without gaps covers is known by where each KID ended.
 */
import type { Kid } from '../../keys/kid.ts'
import { VOUCH_HASH_BYTES, type VouchEntry } from '../../messages/vouch-statement.ts'

export type Key = Omit<Kid, 'stream'>

/** A step is in use for 60 s and kept for 10 s after it: no older frame opens. */
const KEEP_MS = 75_000
/** More than three layers at 30 frames a second, and half as many bytes again as a keeper of all of them needs. */
const MAX_HASHES = 8192
const MAX_RUNS = 512
const MAX_REACHES = 64
/** A frame whose sealing took longer than that of the next one is signed this much later than it. */
const STRAGGLER_MS = 2000

/** `same` and `other`: the hash at this counter. `nothing`: none is held. */
export type Said = 'same' | 'other' | 'nothing'

/**
 * Where a frame without a hash stands. `ahead`: the word has not come so far. `left-out`: it has gone by without it.
 * `unknown`: its hash is no longer held, or was in what was lost.
 */
export type Standing = 'ahead' | 'left-out' | 'unknown'

interface Run {
  readonly entry: VouchEntry
  readonly saidAt: number
}

/** The counters of one KID from the first that was signed up to `end`, which was not. */
interface Reach extends Key {
  readonly first: number
  end: number
  readonly since: number
}

export class SignedWord {
  /** Oldest first. */
  #runs: Run[] = []
  #hashes = 0
  /** In the order of KIDs, without a gap between them. */
  #reaches: Reach[] = []

  /** `now` in milliseconds that somebody listened. */
  add(entry: VouchEntry, now: number): void {
    this.#runs.push({ entry, saidAt: now })
    this.#hashes += countOf(entry)
    this.#forgetOld(now)
    this.#extend(entry, now)
  }

  /** A part of the word was lost: from here on it is whole again. */
  lost(): void {
    this.#reaches = []
  }

  saidOf(key: Key, ctr: number, high: number, low: number): Said {
    // Frames mostly come before the word on them, and then there is nothing to look for.
    if (this.#isBeyond(key, ctr)) return 'nothing'
    for (let i = this.#runs.length - 1; i >= 0; i--) {
      const entry = this.#runs[i]?.entry
      if (entry && holds(entry, key, ctr)) return compare(entry, ctr, high, low)
    }
    return 'nothing'
  }

  standingOf(key: Key, ctr: number, now: number): Standing {
    const [floor] = this.#reaches
    if (floor === undefined) return 'unknown'
    const order = byKey(key, floor)
    if (order < 0 || (order === 0 && ctr < floor.first)) return 'unknown'
    if (this.#isBeyond(key, ctr)) return 'ahead'
    const own = this.#reaches.find((reach) => byKey(reach, key) === 0)
    if (own !== undefined && ctr < own.end) return 'unknown'
    const later = this.#reaches.find((reach) => byKey(reach, key) > 0)
    return later !== undefined && now - later.since >= STRAGGLER_MS ? 'left-out' : 'unknown'
  }

  #isBeyond(key: Key, ctr: number): boolean {
    const front = this.#reaches.at(-1)
    if (front === undefined) return false
    const order = byKey(key, front)
    return order > 0 || (order === 0 && ctr >= front.end)
  }

  #extend(entry: VouchEntry, now: number): void {
    const { gen, step, firstCtr } = entry
    const end = firstCtr + countOf(entry)
    const known = this.#reaches.find((reach) => byKey(reach, entry) === 0)
    if (known !== undefined) {
      known.end = Math.max(known.end, end)
      return
    }
    // A sender that was cut off for long forgot what came before.
    if (firstCtr > 0) this.#reaches = []
    this.#reaches.push({ gen, step, first: firstCtr, end, since: now })
    this.#reaches.sort(byKey)
    if (this.#reaches.length > MAX_REACHES) this.#reaches.shift()
  }

  #forgetOld(now: number): void {
    for (let [oldest] = this.#runs; oldest !== undefined; [oldest] = this.#runs) {
      const tooMany = this.#hashes > MAX_HASHES || this.#runs.length > MAX_RUNS
      if (!tooMany && now - oldest.saidAt < KEEP_MS) return
      this.#hashes -= countOf(oldest.entry)
      this.#runs.shift()
    }
  }
}

function byKey(a: Key, b: Key): number {
  return a.gen - b.gen || a.step - b.step
}

function countOf({ hashes }: VouchEntry): number {
  return hashes.byteLength / VOUCH_HASH_BYTES
}

/** Whether the run has a hash for this frame. */
export function holds(entry: VouchEntry, key: Key, ctr: number): boolean {
  if (entry.gen !== key.gen || entry.step !== key.step) return false
  return ctr >= entry.firstCtr && ctr < entry.firstCtr + countOf(entry)
}

/** Whether the hash that the run has for this counter is this one. */
export function compare(entry: VouchEntry, ctr: number, high: number, low: number): Said {
  const { buffer, byteOffset } = entry.hashes
  const view = new DataView(buffer, byteOffset + (ctr - entry.firstCtr) * VOUCH_HASH_BYTES)
  return view.getUint32(0) === high && view.getUint32(4) === low ? 'same' : 'other'
}
