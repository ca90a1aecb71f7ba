/** Random tokens: given out once in clear, kept as a hash. */
import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, 43 characters of base64url. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

/** 128 random bits, 22 characters of base64url. */
export function makeId(): string {
  return randomBytes(16).toString('base64url')
}

/** A token has too many bits to guess, so a fast hash keeps it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
