/** Every code a call can meet, by who says it. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'
import type { TcsCode } from '@huisclos/sfu/protocol'

/** The TMMS, asked for the invitation, does not let this person in, or does not answer. */
type InvitationCode =
  | 'signed-out'
  | 'other-account'
  | 'restricted'
  | 'meeting-not-open'
  | 'bad-proof'
  | 'use-dpop-nonce'
  | 'too-many-tries'
  | 'wrong-origin'
  | 'too-large'
  | 'offline'
  /** Something between us and the server answered: a captive portal, a proxy. */
  | 'intercepted'
  | 'unavailable'

/** The page itself, or the browser it runs in. */
type PageCode =
  /** This browser has no encoded transforms, so nothing could be encrypted in it. */
  | 'unsupported-browser'
  | 'timeout'
  | 'disconnected'
  /** An encryption transform could not be attached: nothing is sent. */
  | 'cannot-encrypt'
  /** More was sent than was sealed: sending was stopped. */
  | 'clear-media'
  | 'codec-missing'
  | 'unknown'

/** What moderators decided, beside `removed`. */
type DecisionCode = 'locked' | 'unlocked' | 'kept-out-locked' | 'kept-out-removed' | 'not-excluded'

export type CallCode = TcsCode | E2eeCode | InvitationCode | PageCode | DecisionCode
