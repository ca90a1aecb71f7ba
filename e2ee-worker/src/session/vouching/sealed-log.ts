/**
 * The hashes of the frames we sealed since we last vouched for them, and the statements that say so.
 *
 * A hash for each frame and not one for all, because nobody receives all: layers not chosen for a receiver share the
 * stream's counter, and networks lose frames.
 */
import type { Kid } from '../../keys/kid.ts'
import {
  MAX_VOUCH_ENTRIES,
  MAX_VOUCH_HASHES,
  VOUCH_HASH_BYTES,
} from '../../messages/vouch-statement.ts'
import type { Vouch, VouchEntry } from '../../messages/vouch-statement.ts'
import type { Bytes } from '../../wire.ts'
import { hashFrame } from '../../transform/frame-hash.ts'

/**
 * What is kept while there is no connection to send it over: three layers and sound for 25 s, after which the others have
 * given us up. A frame passed over would look like a forgery to them.
 */
const MAX_KEPT = 9 * MAX_VOUCH_HASHES

interface Sealed {
  readonly kid: Kid
  readonly ctr: number
  hash: { readonly high: number; readonly low: number } | null
}

export class SealedLog {
  #sealed: Sealed[] = []

  /** A frame was sealed; `sframe` is header || ciphertext || tag. */
  note(kid: Kid, ctr: number, sframe: Bytes): void {
    const sealed: Sealed = { kid, ctr, hash: null }
    hashFrame(sframe, (high, low) => (sealed.hash = { high, low }))
    this.#sealed.push(sealed)
    if (this.#sealed.length > MAX_KEPT) this.#sealed.shift()
  }

  /**
   * What is hashed by now, up to the first frame that is not, in as many statements as it takes. Each hash is given out
   * once, and none before those of the frames sealed before it.
   */
  take(): readonly Vouch[] {
    const unhashed = this.#sealed.findIndex(({ hash }) => hash === null)
    const count = unhashed < 0 ? this.#sealed.length : unhashed
    return statementsOf(this.#sealed.splice(0, count))
  }
}

function byCounter(a: Sealed, b: Sealed): number {
  const [x, y] = [a.kid, b.kid]
  return x.stream - y.stream || x.gen - y.gen || x.step - y.step || a.ctr - b.ctr
}

/** In the order of sealing: nothing in a statement was sealed before what an earlier one says. */
function statementsOf(sealed: readonly Sealed[]): readonly Vouch[] {
  if (sealed.length === 0) return []
  const tooMany = sealed.length > MAX_VOUCH_HASHES
  const entries = tooMany ? [] : entriesOf(sealed)
  if (!tooMany && entries.length <= MAX_VOUCH_ENTRIES) return [{ type: 'vouch', entries }]
  const first = tooMany ? MAX_VOUCH_HASHES : Math.ceil(sealed.length / 2)
  return [...statementsOf(sealed.slice(0, first)), ...statementsOf(sealed.slice(first))]
}

function entriesOf(sealed: readonly Sealed[]): readonly VouchEntry[] {
  const entries: VouchEntry[] = []
  let rest: readonly Sealed[] = [...sealed].sort(byCounter)
  for (let [first] = rest; first !== undefined; [first] = rest) {
    const run = firstRun(rest)
    entries.push(entryOf(first, run))
    rest = rest.slice(run.length)
  }
  return entries
}

/** The frames at the start whose counters follow each other under one KID. */
function firstRun(sealed: readonly Sealed[]): readonly Sealed[] {
  let length = 1
  while (length < sealed.length && follows(sealed[length - 1], sealed[length])) length++
  return sealed.slice(0, length)
}

function follows(before: Sealed | undefined, after: Sealed | undefined): boolean {
  if (before === undefined || after === undefined) return false
  const [x, y] = [before.kid, after.kid]
  const sameKid = x.stream === y.stream && x.gen === y.gen && x.step === y.step
  return sameKid && after.ctr === before.ctr + 1
}

function entryOf({ kid, ctr }: Sealed, run: readonly Sealed[]): VouchEntry {
  const hashes = new Uint8Array(run.length * VOUCH_HASH_BYTES)
  const view = new DataView(hashes.buffer)
  run.forEach(({ hash }, i) => {
    view.setUint32(i * VOUCH_HASH_BYTES, hash?.high ?? 0)
    view.setUint32(i * VOUCH_HASH_BYTES + 4, hash?.low ?? 0)
  })
  return { stream: kid.stream, gen: kid.gen, step: kid.step, firstCtr: ctr, hashes }
}
