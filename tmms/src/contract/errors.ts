/** Every error code with its HTTP status, and the body of a refusal. */
import { z } from 'zod'
import { restriction } from './policy.ts'
import { time, version } from './route.ts'

export const ERROR_STATUS = {
  'bad-request': 400,
  /** Of a mail: the message names language, part and what to do. */
  'invalid-wording': 400,
  'invalid-email': 400,
  'invalid-name': 400,
  /** The message says what a logo may be. */
  'invalid-logo': 400,
  'invalid-title': 400,
  'invalid-duration': 400,
  'invalid-date': 400,
  'date-in-past': 400,
  'date-too-far': 400,
  'too-many-invited': 400,
  'weak-parameters': 400,
  'invalid-role': 400,
  'invalid-language': 400,
  /** The same address twice in one list. */
  'listed-twice': 400,
  'account-exists': 409,
  'already-invited': 409,
  /** Somebody else changed it since it was read: `changed` says the version that there is now, and who, when it is known. */
  'changed-meanwhile': 409,
  /** Nobody could administer any more. */
  'last-administrator': 409,
  /** It is the caller's own account, and the request does not say that this is meant. */
  'own-account': 409,
  /** It is in another state: what is asked for makes no sense now. */
  'wrong-state': 409,
  /** Meetings can be given only to an active organiser or administrator, other than their former one. */
  'no-organiser': 400,
  // Unknown, expired and used links have one code each, because each needs another action of the person.
  'link-unknown': 404,
  'link-expired': 410,
  'link-used': 410,
  'wrong-credentials': 401,
  'too-many-tries': 429,
  'signed-out': 401,
  /** Another account has signed in in this browser than the page says. */
  'other-account': 409,
  'not-allowed': 403,
  // API tokens: not known, revoked, or of somebody who may administer no longer.
  'token-unknown': 401,
  'token-expired': 401,
  'token-scope': 403,
  // The administrator restricts it: `restriction` says what may be.
  restricted: 403,
  'invalid-domain': 400,
  'invalid-word': 400,
  // An address outside of the domains that the administrator lets this person invite.
  'outside-domains': 403,
  'group-exists': 409,
  // Also for meetings that exist but are not for this account: nobody can tell the difference.
  'not-found': 404,
  'meeting-not-open': 409,
  'meeting-begun': 409,
  'bad-proof': 401,
  // RFC 9449 section 8: the answer's `DPoP-Nonce` header holds what the proof must hold.
  'use-dpop-nonce': 401,
  'wrong-origin': 403,
  'too-large': 413,
  unavailable: 503,
  internal: 500,
} as const satisfies Readonly<Record<string, number>>

export type ErrorCode = keyof typeof ERROR_STATUS

export const errorCode = z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]])

/** Body of every refusal. */
export const apiError = z
  .strictObject({
    code: errorCode,
    /** English, for logs and scripts; the client words the code in the user's language. */
    message: z.string(),
    /** The member of the body that is wrong, such as `title` or `invited.3`. */
    field: z.string().exactOptional(),
    /** Everything that is wrong with the body, this first, when it is more than one thing. */
    problems: z
      .array(
        z
          .strictObject({
            code: errorCode,
            field: z.string(),
            restriction: restriction.exactOptional(),
          })
          .readonly(),
      )
      .readonly()
      .exactOptional(),
    /** With `restricted`. */
    restriction: restriction.exactOptional(),
    /** With `changed-meanwhile`: the version to name when saving over it, and the last change, when it is known. */
    changed: z
      .strictObject({ version, at: time.exactOptional(), by: z.string().exactOptional() })
      .readonly()
      .exactOptional(),
    /** With `too-many-tries`. */
    retryAfterS: z.int().exactOptional(),
  })
  .readonly()
export type ApiError = z.infer<typeof apiError>
export type Changed = NonNullable<ApiError['changed']>
