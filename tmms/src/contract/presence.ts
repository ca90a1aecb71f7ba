/** What a TCS tells the TMMS of who is in a meeting: times and numbers, never what is said or shown, and no addresses. */
import { z } from 'zod'

/** As mediasoup measures it at the moment; null where it measured nothing yet. */
export const quality = z
  .strictObject({
    /** Bits per second from this device, and to it. */
    sendsBps: z.int().nonnegative(),
    receivesBps: z.int().nonnegative(),
    /** Share of the packets that were lost on the way, 0 to 1. */
    lostOfSent: z.number().min(0).max(1).nullable(),
    lostOfReceived: z.number().min(0).max(1).nullable(),
    /** How well its worst stream arrives: 0 to 10. */
    score: z.int().min(0).max(10).nullable(),
  })
  .readonly()
export type Quality = z.infer<typeof quality>

/** One device of somebody. */
export interface PresentPeer {
  /** Account id, as in the token. */
  readonly sub: string
  /** Milliseconds since the epoch. */
  readonly sinceMs: number
  /** Null when media cannot be asked. */
  readonly quality: Quality | null
}

/** A device came into a meeting, or is no longer in it. */
export interface PresenceChange {
  /** The same when it comes and when it goes; no other has it. */
  readonly connection: string
  readonly mid: string
  readonly sub: string
  readonly there: boolean
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** Who is in, as the TCS knows it. */
export interface Presence {
  /** How many devices are in this meeting. */
  count(mid: string): number
  peersIn(mid: string): Promise<readonly PresentPeer[]>
}
