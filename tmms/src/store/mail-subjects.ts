/** Mails by what they are about and whom they are for: what a newer one replaces, and what is withdrawn. */
import type { Kysely, Selectable } from 'kysely'
import type { MailTable, Tables } from './tables.ts'

type MailRecord = Selectable<MailTable>

export interface MailSubjectStore {
  /** Whatever became of them, the oldest first. */
  about(recipient: string, about: string): Promise<readonly MailRecord[]>
  /** Those that wait, or could be tried again, whatever they are about. */
  openFor(recipient: string): Promise<readonly MailRecord[]>
  /** Those that wait, or could be tried again, to anybody. */
  openAbout(about: string): Promise<readonly MailRecord[]>
}

export function mailSubjectStore(db: Kysely<Tables>): MailSubjectStore {
  const all = () => db.selectFrom('mails').selectAll().orderBy('createdAt').orderBy('id')
  const open = () => all().where('state', 'in', ['waiting', 'given-up'])
  return {
    about: (recipient, about) =>
      all().where('recipient', '=', recipient).where('about', '=', about).execute(),
    openFor: (recipient) => open().where('recipient', '=', recipient).execute(),
    openAbout: (about) => open().where('about', '=', about).execute(),
  }
}
