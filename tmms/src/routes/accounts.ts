/** One's own account. */
import { chooseLanguage } from '../domain/accounts/account.ts'
import { endpoint } from './endpoint.ts'
import { accountReply } from './reply.ts'

export const accountRoutes = {
  'GET /api/me': endpoint<'GET /api/me'>({
    handle: ({ account }) => Promise.resolve(accountReply(account)),
  }),
  'PATCH /api/me': endpoint<'PATCH /api/me'>({
    handle: async ({ services, actor, body }) =>
      accountReply(await chooseLanguage(services.context, actor, body.language)),
  }),
}
