/** People, and one's own account. */
import { z } from 'zod'
import { accountId } from './ids.ts'
import { own } from './rights.ts'
import { type RouteShape } from './route.ts'

export const language = z.enum(['en', 'fr'])
export const role = z.enum(['administrator', 'organiser', 'user'])
export type Language = z.infer<typeof language>
export type Role = z.infer<typeof role>

export const person = z.strictObject({
  id: accountId,
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role,
  language,
})
export const account = person.readonly()
export type Account = z.infer<typeof account>

export const accountRoutes = {
  'GET /api/me': {
    ...own,
    about: 'One’s own account.',
    reply: account,
  },
  'PATCH /api/me': {
    ...own,
    about: 'Changes one’s own account.',
    body: z.strictObject({ language }),
    reply: account,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
