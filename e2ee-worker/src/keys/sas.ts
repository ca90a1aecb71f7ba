/**
 * The meeting code (docs/protocol.md, "Meeting code"): twelve digits that everybody sees alike, unless somebody sits in between.
 *
 * Everyone commits to a random value before any is shown, so whoever sits in between has one guess of 10^12 per run.
 */
import type { MemberId } from '../protocol.ts'
import { fromHex, join, sha256, text, toHex, vec, type Bytes } from '../wire.ts'

/** Bytes of the random value behind a commit. */
export const R_BYTES = 32
export const SID_BYTES = 16
const COMMIT_LABEL = text('E2EE1 sas commit\0')
const CODE_LABEL = text('E2EE1 sas\0')
const CODES = 10n ** 12n
const NO_SALT = new Uint8Array(0)

/** What a commit binds: the run, its author, the people its author sees, and the value still kept secret. */
export interface Committed {
  readonly sid: Bytes
  readonly memberId: MemberId
  readonly rosterDigest: Bytes
  readonly r: Bytes
}

/** What one participant contributed, and who it verifiably is. */
interface Contribution {
  readonly memberId: MemberId
  readonly ikPub: Bytes
  readonly sub: string
  readonly commit: Bytes
  readonly r: Bytes
}

export interface Transcript {
  readonly sid: Bytes
  readonly rosterDigest: Bytes
  readonly contributions: readonly Contribution[]
}

/** SHA-256("E2EE1 sas commit\0" || sid || memberId || roster_digest || r). */
export function commitTo({ sid, memberId, rosterDigest, r }: Committed): Promise<Bytes> {
  return sha256(COMMIT_LABEL, sid, fromHex(memberId, 16), rosterDigest, r)
}

/** SHA-256(sorted commits): equal for two members exactly when both hold the same commits. */
export function hashCommits(commits: readonly Bytes[]): Promise<Bytes> {
  return sha256(...sorted(commits))
}

/** The twelve digits as `018 147 780 451`. */
export function meetingCode(transcript: Transcript): Promise<string> {
  return codeFrom(transcriptBytes(transcript))
}

/** sid || sorted commits || all r sorted by member id || roster_digest || sorted (ik_pub || vec(sub)). */
export function transcriptBytes({ sid, rosterDigest, contributions }: Transcript): Bytes {
  // Lower-case hex sorts as the bytes it stands for.
  const byMember = contributions.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
  return join(
    sid,
    ...sorted(contributions.map(({ commit }) => commit)),
    ...byMember.map(({ r }) => r),
    rosterDigest,
    ...sorted(contributions.map(({ ikPub, sub }) => join(ikPub, vec(text(sub))))),
  )
}

/** HKDF-SHA-512(ikm = transcript, salt empty, info "E2EE1 sas\0", 8 bytes) mod 10^12. */
export async function codeFrom(ikm: Bytes): Promise<string> {
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits'])
  const params = { name: 'HKDF', hash: 'SHA-512', salt: NO_SALT, info: CODE_LABEL }
  const bits = await crypto.subtle.deriveBits(params, key, 64)
  const digits = (new DataView(bits).getBigUint64(0) % CODES).toString().padStart(12, '0')
  return digits.replace(/\d{3}(?=\d)/g, '$& ')
}

function sorted(values: readonly Bytes[]): readonly Bytes[] {
  return values
    .map((bytes) => ({ bytes, hex: toHex(bytes) }))
    .sort((a, b) => (a.hex < b.hex ? -1 : 1))
    .map(({ bytes }) => bytes)
}
