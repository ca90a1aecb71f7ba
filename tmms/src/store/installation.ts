/** Marks of the secret files that this database was used with. */
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Name of a file of `keys/` -> 43 characters that only its content yields, and that do not tell it. */
export type Marks = Readonly<Record<string, string>>

export interface InstallationStore {
  /** Empty until the first start. */
  marks(): Promise<Marks>
  keepMarks(marks: Marks): Promise<void>
}

export function installationStore(db: Kysely<Tables>): InstallationStore {
  return {
    marks: async () => {
      const rows = await db.selectFrom('installation').selectAll().execute()
      return Object.fromEntries(rows.map(({ name, mark }) => [name, mark]))
    },
    keepMarks: async (marks) => {
      await db
        .insertInto('installation')
        .values(Object.entries(marks).map(([name, mark]) => ({ name, mark })))
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet((eb) => ({ mark: eb.ref('excluded.mark') })),
        )
        .execute()
    },
  }
}
