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

/** Which numbers a switch or a setting may have. */
export function wordRange(name: string): string {
  if (name === 'idleMinutes') return m.admin_security_number_or_none(SECURITY_NUMBERS[name])
  if (isSetting(name)) return m.admin_security_number(SECURITY_NUMBERS[name])
  const row: SwitchRow | undefined = Object.hasOwn(SWITCHES, name)
    ? SWITCHES[name as SwitchName]
    : undefined
  const { min, max } = row !== undefined && 'min' in row ? row : { min: 0, max: 0 }
  return m.policy_range({ min, max })
}

function isSetting(name: string): name is SecurityNumber {
  return Object.hasOwn(SECURITY_NUMBERS, name)
}

/** What may not be, and what may. */
export function wordRestriction({ name, value }: Restriction): string {
  return m[`policy_${name}_refused`]({ value: String(value) })
}

/** Such as "At most 50 people". */
export function wordValue(name: SwitchName, value: boolean | number): string {
  const { kind } = rowOf(name)
  if (kind === 'allowed') return value === true ? m.policy_allowed() : m.policy_forbidden()
  if (kind === 'required') return value === true ? m.policy_required() : m.policy_optional()
  if (kind === 'floor') return `${m.policy_at_least()} ${String(value)}`
  const unit = isNumberSwitch(name) ? wordUnit(name) : ''
  return `${m.policy_at_most()} ${String(value)} ${unit}`
}
