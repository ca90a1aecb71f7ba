/** What administrators set, as JSON, one row an area. What a value may be is the rules' business. */
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export interface SettingStore {
  /** Undefined while nobody has set anything of this area. */
  read(area: string): Promise<unknown>
  write(area: string, value: unknown, atMs: number): Promise<void>
}

export function settingStore(db: Kysely<Tables>): SettingStore {
  return {
    read: async (area) => {
      const query = db.selectFrom('settings').select('value').where('area', '=', area)
      const row = await query.executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.value) as unknown)
    },
    write: async (area, value, atMs) => {
      const row = { area, value: JSON.stringify(value), changedAt: atMs }
      await db
        .insertInto('settings')
        .values(row)
        .onConflict((conflict) => conflict.column('area').doUpdateSet(row))
        .execute()
    },
  }
}
