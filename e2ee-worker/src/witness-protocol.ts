/** What the page and the witness worker say to each other. */

/**
 * What became of the TMMS's audit log since this browser last looked. `rollback`: it is shorter. `fork`: it is another one.
 * `uncertified`: no key that the pinned root certifies signed it. `unproved`: the server refused to show it.
 */
export type LogVerdict = 'sound' | 'rollback' | 'fork' | 'uncertified' | 'unproved'

/** To the witness worker, first. */
export interface WitnessOrder {
  readonly origin: string
  /** Milliseconds since the epoch. */
  readonly nowMs: number
  /** The person has decided to go on from what the server shows now. */
  readonly accept: boolean
}

/** What the witness worker needs of the server. */
export type WitnessAsk =
  | { readonly kind: 'key-set' }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'consistency'; readonly from: number; readonly to: number }

/** To the witness worker: what the server said; null when it refused. */
export interface WitnessAnswer {
  readonly answer: unknown
}
