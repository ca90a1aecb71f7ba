/** Numbers and lines of the security settings while somebody types them. */
import {
  SECURITY_NUMBERS,
  type SecurityNumber,
  type SettingNumber,
} from '@huisclos/tmms/contract/security-numbers'
import { ApiFailure } from '../../../account/api.ts'
import { requireNone } from '../../../account/form-failures.ts'

export type NumberDraft<N extends SecurityNumber> = Record<N, string>

export function draftNumbers<N extends SecurityNumber>(
  values: Readonly<Record<N, number>>,
  names: readonly N[],
): NumberDraft<N> {
  return Object.fromEntries(names.map((name) => [name, String(values[name])])) as NumberDraft<N>
}

/**
 * @param pairs of which the second may not be the smaller one, in units of its own
 * @throws {FormFailures} naming every field that is wrong
 */
export function readNumbers<N extends SecurityNumber>(
  draft: Readonly<Record<N, string>>,
  pairs: readonly (readonly [shorter: N, longer: N, unitsEach: number])[] = [],
): Record<N, number> {
  const names = Object.keys(draft) as N[]
  const values = Object.fromEntries(names.map((name) => [name, readNumber(name, draft[name])]))
  const wrong = names.filter((name) => Number.isNaN(values[name]))
  const shorter = pairs.filter(
    ([one, other, each]) => (values[one] ?? 0) > (values[other] ?? 0) * each,
  )
  requireNone([
    ...wrong.map((name) => new ApiFailure('not-in-range', { field: name, value: name })),
    ...shorter.map(([, field]) => new ApiFailure('shorter', { field })),
  ])
  return values as Record<N, number>
}

function readNumber(name: SecurityNumber, text: string): number {
  const { min, max, preset }: SettingNumber = SECURITY_NUMBERS[name]
  const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : NaN
  return (value >= min && value <= max) || value === preset ? value : NaN
}

/** @throws {FormFailures} when there are too many. */
export function readLines(text: string, between: RegExp, { field, max }: LineRules): string[] {
  const lines = text
    .split(between)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  requireNone([lines.length > max ? new ApiFailure('too-many-lines', { field, count: max }) : null])
  return lines
}

interface LineRules {
  readonly field: string
  readonly max: number
}

/** The sentences beside a field that is wrong. */
export type Wrong = (field: string) => string | null
