/** Shapes and sizes of bodies. What values mean is decided by the rules, which have better words for it. */
import { z } from 'zod'
import type { AccountId, Language, Role } from '../contract.ts'

/** Longer than anything valid, shorter than anything harmful. */
export const text = z.string().max(1_000)
export const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
/** 32 bytes, base64url. */
export const auth = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
export const language: z.ZodType<Language> = z.enum(['en', 'fr'])
export const role: z.ZodType<Role> = z.enum(['administrator', 'organiser', 'user'])
export const nothing: z.ZodType<Record<string, never>> = z.strictObject({})
/** More than may be invited, so that the refusal can say which rule was broken. */
export const addresses = z.array(text).max(2_000)
export const meetingId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
export const accountId = z.custom<AccountId>(
  (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{22}$/.test(value),
)

export const credential = z.strictObject({
  v: z.literal(1),
  kdf: z.literal('argon2id'),
  salt: z.string().min(22).max(64),
  m: z.int().min(0).max(1_048_576),
  t: z.int().min(0).max(16),
  p: z.int().min(0).max(16),
  auth,
})
