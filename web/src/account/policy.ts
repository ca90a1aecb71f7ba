/** The switches of the policy in the user's words. A new switch needs its texts in web/messages only. */
import { SECURITY_NUMBERS, type SecurityNumber } from '@huisclos/tmms/contract/security-numbers'
import {
  SWITCHES,
  type ProfileName,
  type Restriction,
  type SwitchName,
  type SwitchRow,
} from '@huisclos/tmms/contract/switches'
import { m } from '../paraglide/messages.js'
import { getLocale } from '../paraglide/runtime.js'
import { wordMinutes } from './lengths.ts'

/** Switches whose value is a number. */
export type NumberSwitch = {
  [N in SwitchName]: (typeof SWITCHES)[N] extends { readonly min: number } ? N : never
}[SwitchName]

export function rowOf(name: SwitchName): SwitchRow {
  return SWITCHES[name]
}

export function isNumberSwitch(name: SwitchName): name is NumberSwitch {
  return 'min' in SWITCHES[name]
}

export function wordProfile(name: ProfileName): string {
  return m[`policy_profile_${name}`]()
}

/** What a switch is called. */
export function wordSwitch(name: SwitchName): string {
  return m[`policy_${name}`]()
}

/** What a number of this switch counts. */
export function wordUnit(name: NumberSwitch): string {
  return m[`policy_${name}_unit`]()
}

/** Which numbers a switch or a setting may have; the longest time also in words. */
export function wordRange(name: string): string {
  const { min } = rangeOf(name)
  if (name === 'idleMinutes') return m.admin_security_number_or_none({ min, max: wordMost(name) })
  return isSetting(name)
    ? m.admin_security_number({ min, max: wordMost(name) })
    : m.policy_range({ min, max: wordMost(name) })
}

/** "1440 (24 hours)" where the number is a time that is better said so; else the number. */
export function wordMost(name: string): string {
  const { max } = rangeOf(name)
  const each = MINUTES_EACH[name]
  return each === undefined ? String(max) : `${max} (${wordMinutes(max * each, getLocale())})`
}

/** Switches and settings that are times, and how many minutes one of each is. */
const MINUTES_EACH: Readonly<Record<string, number>> = {
  durationMin: 1,
  idleMinutes: 1,
  resetMinutes: 1,
  hours: 60,
}

function rangeOf(name: string): { readonly min: number; readonly max: number } {
  if (isSetting(name)) return SECURITY_NUMBERS[name]
  const row: SwitchRow | undefined = Object.hasOwn(SWITCHES, name)
    ? SWITCHES[name as SwitchName]
    : undefined
  return row !== undefined && 'min' in row ? row : { min: 0, max: 0 }
}

function isSetting(name: string): name is SecurityNumber {
  return Object.hasOwn(SECURITY_NUMBERS, name)
}

/** What may not be, and what may. */
export function wordRestriction({ name, value }: Restriction): string {
  const told = name === 'durationMin' ? wordMinutes(Number(value), getLocale()) : String(value)
  return m[`policy_${name}_refused`]({ value: told })
}

/** Such as "At most 50 people"; "Classic" is the weakest encryption. */
export function wordValue(name: SwitchName, value: boolean | number): string {
  const { kind } = rowOf(name)
  if (kind === 'allowed') return value === true ? m.policy_allowed() : m.policy_forbidden()
  if (kind === 'required') return value === true ? m.policy_required() : m.policy_optional()
  if (kind === 'floor') return value === 1 ? m.policy_suite_1() : m.policy_suite_2()
  if (name === 'durationMin') {
    return `${m.policy_at_most()} ${wordMinutes(Number(value), getLocale())}`
  }
  const unit = isNumberSwitch(name) ? wordUnit(name) : ''
  return `${m.policy_at_most()} ${String(value)} ${unit}`
}
