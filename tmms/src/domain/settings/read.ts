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

export interface AllSettings {
  readonly settings: Settings
  readonly versions: Readonly<Record<SettingArea, number>>
}

export async function readAllSettings(rows: Pick<Rows, 'settings'>): Promise<AllSettings> {
  const areas = Object.keys(SETTINGS) as SettingArea[]
  const values = await Promise.all(
    areas.map(async (area) => [area, await readSettings(rows, area)] as const),
  )
  const versions = await Promise.all(
    areas.map(async (area) => [area, await rows.settings.version(area)] as const),
  )
  return {
    settings: Object.fromEntries(values) as unknown as Settings,
    versions: Object.fromEntries(versions) as Record<SettingArea, number>,
  }
}
