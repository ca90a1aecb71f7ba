/** One's own account, and everybody's for administrators. */
import { z } from 'zod'
import { chooseLanguage, inviteAccount, listAccounts } from '../domain/accounts/account.ts'
import { TmmsError } from '../errors.ts'
import { endpoint } from './endpoint.ts'
import { accountReply, accountRow } from './reply.ts'
import { language, role, text } from './schemas.ts'

const query = z.string().max(200).default('')

export const accountRoutes = {
  'GET /api/me': endpoint<'GET /api/me'>({
    who: 'signed-in',
    body: null,
    handle: ({ account }) => Promise.resolve(accountReply(account)),
  }),
  'PATCH /api/me': endpoint<'PATCH /api/me'>({
    who: 'signed-in',
    body: z.strictObject({ language }),
    handle: async ({ services, account, body }) =>
      accountReply(await chooseLanguage(services.context, account, body.language)),
  }),
  'GET /api/accounts': endpoint<'GET /api/accounts'>({
    who: 'administrator',
    body: null,
    handle: async ({ services, request }) => {
      const wanted = query.safeParse(request.query['q'])
      if (!wanted.success) {
        throw new TmmsError('bad-request', 'The search is not readable.', { field: 'q' })
      }
      const accounts = await listAccounts(services.context, wanted.data)
      return { accounts: accounts.map(accountRow) }
    },
  }),
  'POST /api/accounts': endpoint<'POST /api/accounts'>({
    who: 'administrator',
    body: z.strictObject({ email: text, role, language }),
    handle: async ({ services, body }) => ({
      account: accountRow(await inviteAccount(services.context, body)),
    }),
  }),
}
