/**
 * The roster digest: one hash over who a member regards as present, so that two lists can be compared cheaply.
 */
import type { MemberId } from '../protocol.ts'
import { fromHex, sha256, text, type Bytes } from '../wire.ts'

const ROSTER_LABEL = text('E2EE1 roster\0')

/** SHA-256("E2EE1 roster\0" || sorted member ids), oneself included. */
export function rosterDigest(present: readonly MemberId[]): Promise<Bytes> {
  // Lower-case hex sorts as the bytes it stands for.
  const sorted = [...present].sort().map((memberId) => fromHex(memberId, 16))
  return sha256(ROSTER_LABEL, ...sorted)
}
