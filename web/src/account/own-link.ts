/** Meeting links that their organiser hands over: the secret in them is made here, and no server ever sees it. */
import { ApiFailure } from './api.ts'

const SECRET_BYTES = 32
const WITHOUT_SECRET = /^\/j\/[A-Za-z0-9_-]{16,64}#v1\.[A-Za-z0-9_-]{43}$/

/** 32 random bytes in base64url (RFC 4648 section 5), 43 characters. */
export function makeLinkSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

/**
 * The meeting's link as the server gives it, with our secret in its place.
 * @throws {ApiFailure} `internal` when it leaves no place for one: a secret the server chose would be none.
 */
export function withSecret(link: string, secret: string): string {
  if (!WITHOUT_SECRET.test(link)) throw new ApiFailure('internal')
  return `${link}.${secret}`
}
