/** Mails, for administrators. */
import {
  giveUpMail,
  listMails,
  mailStatus,
  retryMail,
  retryMails,
} from '../domain/mail/mail-desk.ts'
import { writeMailPassword } from '../domain/mail/mail-route.ts'
import { endpoint } from './endpoint.ts'

export const mailRoutes = {
  'GET /api/admin/mail': endpoint<'GET /api/admin/mail'>({
    handle: ({ services: { context, mail } }) => mailStatus(context, mail),
  }),
  'GET /api/admin/mail/queue': endpoint<'GET /api/admin/mail/queue'>({
    handle: async ({ services: { context }, query }) => {
      const { rows, next } = await listMails(context, query)
      return { mails: rows, next }
    },
  }),
  'POST /api/admin/mail/retry': endpoint<'POST /api/admin/mail/retry'>({
    handle: async ({ services: { context, mail } }) => {
      await retryMails(context)
      mail.resume()
      return mailStatus(context, mail)
    },
  }),
  'POST /api/admin/mail/queue/:id/retry': endpoint<'POST /api/admin/mail/queue/:id/retry'>({
    handle: async ({ services: { context, mail }, actor, path: { id } }) => {
      const row = await retryMail(context, actor, id)
      mail.resume()
      return { mail: row }
    },
  }),
  'POST /api/admin/mail/queue/:id/give-up': endpoint<'POST /api/admin/mail/queue/:id/give-up'>({
    handle: async ({ services: { context }, actor, path: { id } }) => ({
      mail: await giveUpMail(context, actor, id),
    }),
  }),
  'PUT /api/admin/mail/password': endpoint<'PUT /api/admin/mail/password'>({
    handle: async ({ services: { context, mail }, actor, body: { password } }) => {
      await writeMailPassword(context, actor, password)
      mail.resume()
      return mailStatus(context, mail)
    },
  }),
  'POST /api/admin/mail/test': endpoint<'POST /api/admin/mail/test'>({
    handle: ({ services: { mail }, account }) => mail.test(account),
  }),
}
