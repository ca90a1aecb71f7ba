/** What a route of the interface is described by, and the parts that several areas use. */
import { z } from 'zod'
import { CURSOR_MAX_CHARACTERS, PAGE_MAX_ROWS, TEXT_MAX_CHARACTERS } from './limits.ts'
import type { Rights } from './rights.ts'

export interface RouteShape extends Rights {
  /** What it does, in English sentences: the description of the interface is made of them. */
  readonly about: string
  /** Parameters of the path, by name. */
  readonly path?: z.ZodObject
  readonly query?: z.ZodObject
  /** JSON. Absent for reading methods. */
  readonly body?: z.ZodType
  /** Instead of JSON the body is a picture of at most so many bytes. */
  readonly rawMaxBytes?: number
  readonly reply: z.ZodType
  /** Media type of the answer, when it is neither JSON nor plain text. */
  readonly type?: string
}

/** What values mean is decided by the rules, which have better words for it. */
export const text = z.string().max(TEXT_MAX_CHARACTERS)
export const nothing: z.ZodType<Record<string, never>> = z.strictObject({})
/** 32 bytes, base64url without padding. */
export const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
/** ISO 8601 in UTC. */
export const time = z.iso.datetime()

/**
 * Grows with every change of what it stands beside; 0 before the first. A save names the one that it is based on:
 * `changed-meanwhile` says the newer one, so that whoever has compared can save over it.
 */
export const version = z.int().nonnegative()

/** Query of a list: from behind `cursor`, which is the `next` of the page before, at most `limit` rows. */
export const pageQuery = z.object({
  cursor: z.string().max(CURSOR_MAX_CHARACTERS).exactOptional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(PAGE_MAX_ROWS))
    .default(PAGE_MAX_ROWS),
})
/** For the following page; null on the last one. */
export const next = z.string().nullable()
