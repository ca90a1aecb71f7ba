/** The wording of mails, for administrators. */
import { checkWordings, listLetters, resetLetter, writeLetter } from '../domain/mail/wording.ts'
import { endpoint } from './endpoint.ts'

export const letterRoutes = {
  'GET /api/admin/letters': endpoint<'GET /api/admin/letters'>({
    handle: async ({ services: { context } }) => ({ letters: await listLetters(context.store) }),
  }),
  'PUT /api/admin/letters/:id': endpoint<'PUT /api/admin/letters/:id'>({
    handle: async ({ services: { context }, actor, path: { id }, body }) => ({
      letter: await writeLetter(context, actor, { kind: id, ...body }),
    }),
  }),
  'POST /api/admin/letters/:id/reset': endpoint<'POST /api/admin/letters/:id/reset'>({
    handle: async ({ services: { context }, actor, path: { id }, body }) => ({
      letter: await resetLetter(context, actor, { kind: id, ...body }),
    }),
  }),
  'POST /api/admin/letters/:id/preview': endpoint<'POST /api/admin/letters/:id/preview'>({
    handle: ({ services: { mail }, path: { id }, body: { language, wording } }) =>
      mail.preview(id, language, checkWordings(id, wording)),
  }),
}
