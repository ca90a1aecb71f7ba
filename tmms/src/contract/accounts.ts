/** People: one's own account, and everybody's for administrators. */
import { z } from 'zod'
import { accountId } from './ids.ts'
import { SEARCH_MAX_CHARACTERS } from './limits.ts'
import { next, pageQuery, text, time, type RouteShape } from './route.ts'

export const language = z.enum(['en', 'fr'])
export const role = z.enum(['administrator', 'organiser', 'user'])
export type Language = z.infer<typeof language>
export type Role = z.infer<typeof role>

const person = z.strictObject({
  id: accountId,
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role,
  language,
})
export const account = person.readonly()
export type Account = z.infer<typeof account>

/** An account as administrators see it. `invited` until its owner has followed the validation link. */
export const accountRow = person
  .extend({ state: z.enum(['invited', 'active', 'disabled']), createdAt: time })
  .readonly()
export type AccountRow = z.infer<typeof accountRow>

export const accountRoutes = {
  'GET /api/me': { reply: account },
  'PATCH /api/me': { body: z.strictObject({ language }), reply: account },
  /** Administrators. Newest first; `q` filters by e-mail or name. */
  'GET /api/accounts': {
    query: pageQuery.extend({ q: z.string().max(SEARCH_MAX_CHARACTERS).default('') }),
    reply: z.strictObject({ accounts: z.array(accountRow).readonly(), next }),
  },
  /**
   * Administrators. Invites a new account, or sends the mail again when it is still `invited`. The names are proposed to
   * the owner of the address.
   */
  'POST /api/accounts': {
    body: z.strictObject({
      email: text,
      role,
      language,
      firstName: text.exactOptional(),
      lastName: text.exactOptional(),
    }),
    reply: z.strictObject({ account: accountRow }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
