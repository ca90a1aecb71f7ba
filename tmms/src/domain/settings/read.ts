/** What administrators set, as it is now. */
import { SETTINGS, type SettingArea, type Settings } from '../../contract/settings.ts'
import type { Rows } from '../../store/store.ts'

export async function readSettings<A extends SettingArea>(
  rows: Pick<Rows, 'settings'>,
  area: A,
): Promise<Settings[A]> {
  const schema = SETTINGS[area]
  // What an older or a newer version wrote and this one cannot read is as good as not set.
  const kept = schema.safeParse((await rows.settings.read(area)) ?? {})
  return (kept.success ? kept.data : schema.parse({})) as Settings[A]
}

export async function readAllSettings(rows: Pick<Rows, 'settings'>): Promise<Settings> {
  const areas = Object.keys(SETTINGS) as SettingArea[]
  const values = await Promise.all(
    areas.map(async (area) => [area, await readSettings(rows, area)] as const),
  )
  return Object.fromEntries(values) as unknown as Settings
}
