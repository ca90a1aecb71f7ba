/** One's own account, and everybody's for administrators. */
import { chooseLanguage, inviteAccount, listAccounts } from '../domain/accounts/account.ts'
import { endpoint } from './endpoint.ts'
import { accountReply, accountRow } from './reply.ts'

export const accountRoutes = {
  'GET /api/me': endpoint<'GET /api/me'>({
    who: 'signed-in',
    handle: ({ account }) => Promise.resolve(accountReply(account)),
  }),
  'PATCH /api/me': endpoint<'PATCH /api/me'>({
    who: 'signed-in',
    handle: async ({ services, actor, body }) =>
      accountReply(await chooseLanguage(services.context, actor, body.language)),
  }),
  'GET /api/accounts': endpoint<'GET /api/accounts'>({
    who: 'administrator',
    handle: async ({ services, query }) => {
      const { rows, next } = await listAccounts(services.context, query)
      return { accounts: rows.map(accountRow), next }
    },
  }),
  'POST /api/accounts': endpoint<'POST /api/accounts'>({
    who: 'administrator',
    handle: async ({ services, actor, body }) => ({
      account: accountRow(await inviteAccount(services.context, actor, body)),
    }),
  }),
}
