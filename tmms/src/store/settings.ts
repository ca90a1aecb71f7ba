/** What administrators set, as JSON, one row an area. What a value may be is the rules' business. */
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export interface SettingStore {
  /** Undefined while nobody has set anything of this area. */
  read(area: string): Promise<unknown>
  /** Since when it is what it is, milliseconds since the epoch; undefined as `read`. */
  changedAt(area: string): Promise<number | undefined>
  /** Grows with every change; 0 as `read` is undefined. */
  version(area: string): Promise<number>
  write(area: string, value: unknown, atMs: number): Promise<void>
}

export function settingStore(db: Kysely<Tables>): SettingStore {
  return {
    read: async (area) => {
      const query = db.selectFrom('settings').select('value').where('area', '=', area)
      const row = await query.executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.value) as unknown)
    },
    changedAt: async (area) => {
      const query = db.selectFrom('settings').select('changedAt').where('area', '=', area)
      return (await query.executeTakeFirst())?.changedAt
    },
    version: async (area) => {
      const query = db.selectFrom('settings').select('version').where('area', '=', area)
      return (await query.executeTakeFirst())?.version ?? 0
    },
    write: async (area, value, atMs) => {
      const row = { area, value: JSON.stringify(value), changedAt: atMs }
      await db
        .insertInto('settings')
        .values({ ...row, version: 1 })
        // Who writes the same once more changes nothing.
        .onConflict((conflict) =>
          conflict
            .column('area')
            .doUpdateSet((eb) => ({ ...row, version: eb('settings.version', '+', 1) }))
            .where('settings.value', '!=', row.value),
        )
        .execute()
    },
  }
}
