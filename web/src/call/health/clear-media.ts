/** The runtime alarm: what a sender put on the network must have been sealed by the worker before. */

export interface SentAndSealed {
  /** Video frames or audio packets the sender has sent since it exists, retransmissions excluded. */
  readonly sent: number
  /** Frames the worker has sealed for this stream. */
  readonly sealed: number
}

/** Statistics are read one after the other while media flows; more than this is no reading error. */
const TOLERANCE_FRAMES = 60
const TOLERANCE_SHARE = 0.05
/** This many sent with not one sealed needs no further doubt. */
const SURELY_CLEAR = 25

export function leaks(now: SentAndSealed, before: SentAndSealed | undefined): boolean {
  if (now.sent > now.sealed + TOLERANCE_FRAMES + now.sealed * TOLERANCE_SHARE) return true
  if (before === undefined) return false
  const sent = now.sent - before.sent
  return sent >= SURELY_CLEAR && now.sealed === before.sealed
}
