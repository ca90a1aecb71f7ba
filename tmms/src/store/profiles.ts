/** The profiles of meetings that administrators have changed, as JSON; the others are as they come. */
import type { Kysely, Selectable } from 'kysely'
import type { ProfileTable, Tables } from './tables.ts'

export interface ProfileStore {
  all(): Promise<readonly Selectable<ProfileTable>[]>
  write(profile: Selectable<ProfileTable>): Promise<void>
}

export function profileStore(db: Kysely<Tables>): ProfileStore {
  return {
    all: () => db.selectFrom('profiles').selectAll().execute(),
    write: async (profile) => {
      await db
        .insertInto('profiles')
        .values(profile)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(profile))
        .execute()
    },
  }
}
