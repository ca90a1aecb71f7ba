/** Settings of administrators, area by area. */
import type { z } from 'zod'
import { SETTINGS, type SettingArea, type Settings } from '../../contract/settings.ts'
import { TmmsError } from '../../errors.ts'
import type { Rows } from '../../store/store.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { checkMailSettings } from '../mail/mail-settings.ts'

/** What a schema cannot say of an area: throws, or answers the value as it is kept. */
const CHECKS: { readonly [A in SettingArea]: (value: Settings[A]) => Settings[A] } = {
  mail: checkMailSettings,
  retention: (value) => value,
}

export async function readSettings<A extends SettingArea>(
  rows: Rows,
  area: A,
): Promise<Settings[A]> {
  const schema = schemaOf(area)
  // What an older or a newer version wrote and this one cannot read is as good as not set.
  const kept = schema.safeParse((await rows.settings.read(area)) ?? {})
  return kept.success ? kept.data : schema.parse({})
}

export async function readAllSettings(rows: Rows): Promise<Settings> {
  const areas = Object.keys(SETTINGS) as SettingArea[]
  const values = await Promise.all(
    areas.map(async (area) => [area, await readSettings(rows, area)] as const),
  )
  return Object.fromEntries(values) as unknown as Settings
}

/** @throws {TmmsError} `bad-request` or what the area's check says, naming the field. */
export async function writeSettings(
  context: Context,
  actor: Actor,
  { area, value }: { readonly area: SettingArea; readonly value: unknown },
): Promise<Settings> {
  const checked = check(area, value)
  return context.store.atomically(async (rows) => {
    const before = await readSettings(rows, area)
    await rows.settings.write(area, checked, context.now())
    await record(rows, actor, context.now(), {
      action: 'setting-changed',
      object: { kind: 'setting', id: area, name: area },
      details: { changed: changedMembers(before, checked) },
    })
    return readAllSettings(rows)
  })
}

function check<A extends SettingArea>(area: A, value: unknown): Settings[A] {
  const parsed = schemaOf(area).safeParse(value)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    const detail = field === '' ? {} : { field }
    throw new TmmsError('bad-request', `The setting ${field} is not as it should be.`, detail)
  }
  return CHECKS[area](parsed.data)
}

function schemaOf<A extends SettingArea>(area: A): z.ZodType<Settings[A]> {
  return SETTINGS[area] as unknown as z.ZodType<Settings[A]>
}

function changedMembers(before: object, after: object): string[] {
  const old = new Map(Object.entries(before))
  return Object.entries(after)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old.get(name)))
    .map(([name]) => name)
}
