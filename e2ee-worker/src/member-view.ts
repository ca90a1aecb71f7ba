/** What the page is shown of a member. */
import type { StreamDescriptor } from './streams.ts'

/** 16 bytes as 32 hex digits: SHA-256("E2EE1 member\0" || vec(msid) || ik_pub || nonce)[0..16]. */
export type MemberId = string & { readonly __brand: 'MemberId' }

/** How well the device of a member is known to this browser. */
export type Verification =
  /** Seen for the first time. */
  | 'new'
  /** Remembered from an earlier meeting. */
  | 'known'
  /** The safety numbers were compared, here, by this person. */
  | 'verified'
  /** Another device of this person is verified, and this one is not: blocked until `accept-device`. */
  | 'changed'

/** One verified member, from its token and its keys. */
export interface Member {
  readonly memberId: MemberId
  readonly sub: string
  readonly name: string
  readonly role: 'moderator' | 'participant'
  readonly prm: readonly string[]
  readonly streams: readonly StreamDescriptor[]
  /** True when this member holds our current sender key (acknowledged). */
  readonly canDecrypt: boolean
  readonly state: 'verified' | 'lost'
  readonly verification: Verification
}
