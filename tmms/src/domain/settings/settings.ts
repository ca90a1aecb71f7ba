/** Setting what administrators set, area by area. */
import type { AuditDetails } from '../../contract/audit.ts'
import type { SettingArea, Settings } from '../../contract/settings.ts'
import type { Rows } from '../../store/store.ts'
import type { Actor } from '../audit/actor.ts'
import { differences } from '../audit/differences.ts'
import { requireInPerson } from '../audit/in-person.ts'
import { record } from '../audit/record.ts'
import { checkBranding } from '../branding/branding.ts'
import type { Context } from '../context.ts'
import { checkMailSettings } from '../mail/mail-settings.ts'
import { checkDomainSettings } from '../security/domains.ts'
import { checkLinkSettings } from '../accounts/link-life.ts'
import { checkPasswordSettings } from '../security/password-words.ts'
import { applySessionSettings, checkSessionSettings } from '../security/session-lengths.ts'
import { readSettings } from './read.ts'
import { requireUnchanged } from '../versions.ts'

/** What a schema cannot say of an area: throws, or answers the value as it is kept. */
const CHECKS: { readonly [A in SettingArea]: (value: Settings[A]) => Settings[A] } = {
  mail: checkMailSettings,
  sessions: checkSessionSettings,
  passwords: checkPasswordSettings,
  links: checkLinkSettings,
  domains: checkDomainSettings,
  branding: checkBranding,
  retention: (value) => value,
}

/** Mails carry the links that choose passwords. */
const IN_PERSON: ReadonlySet<SettingArea> = new Set(['mail', 'passwords'])

type Value = Settings[SettingArea]
type Effect<V> = (rows: Rows, value: V, nowMs: number) => Promise<void>

/** What a change does to what there is already, in the same transaction. */
const EFFECTS: { readonly [A in SettingArea]?: Effect<Settings[A]> } = {
  sessions: applySessionSettings,
}

export interface AreaChange<A extends SettingArea> {
  readonly area: A
  /** As it was read. */
  readonly version: number
  readonly value: Settings[A]
}

export interface AreaNow<A extends SettingArea> {
  readonly value: Settings[A]
  readonly version: number
}

/** @throws {TmmsError} `changed-meanwhile`, or what the area's check says, naming every field that is wrong. */
export async function writeSettings<A extends SettingArea>(
  context: Context,
  actor: Actor,
  { area, version, value }: AreaChange<A>,
): Promise<AreaNow<A>> {
  if (IN_PERSON.has(area)) requireInPerson(actor)
  // Which area it is no longer matters here: the types of the tables have seen to it that the parts fit.
  const check = CHECKS[area] as (value: Value) => Value
  const effect = EFFECTS[area] as Effect<Value> | undefined
  const checked = check(value)
  return context.store.atomically(async (rows) => {
    const nowMs = context.now()
    const versions = { is: await rows.settings.version(area), basedOn: version }
    await requireUnchanged(rows, { kind: 'setting', id: area }, versions)
    const before = await readSettings(rows, area)
    await rows.settings.write(area, checked, nowMs)
    await effect?.(rows, checked, nowMs)
    await record(rows, actor, nowMs, {
      action: 'setting-changed',
      object: { kind: 'setting', id: area, name: area },
      details: { changed: changedMembers(before, checked), ...toldChanges(before, checked) },
    })
    return { value: await readSettings(rows, area), version: await rows.settings.version(area) }
  })
}

/** Beside numbers: what is no secret and no words of a mail or a page. */
const TOLD: ReadonlySet<string> = new Set([
  ...['host', 'security', 'senderName', 'senderAddress', 'replyTo'],
  ...['outside', 'free', 'accentLight', 'accentDark'],
])

function toldChanges(before: object, after: object): AuditDetails {
  const told = (value: object) =>
    Object.fromEntries(
      Object.entries(value).filter(([name, one]) => typeof one === 'number' || TOLD.has(name)),
    ) as AuditDetails
  return differences(told(before), told(after))
}

function changedMembers(before: object, after: object): string[] {
  const old = new Map(Object.entries(before))
  return Object.entries(after)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old.get(name)))
    .map(([name]) => name)
}
