/** Values of switches while somebody types them: texts, of which the empty one restricts nothing. */
import { SWITCH_NAMES, type Restrictions, type SwitchName } from '@huisclos/tmms/contract/switches'
import { ApiFailure } from './api.ts'
import { rowOf } from './policy.ts'

export type Draft = Partial<Record<SwitchName, string>>

/** Of a meeting: without what is about people. */
export const MEETING_SWITCHES = SWITCH_NAMES.filter((name) => rowOf(name).holds !== 'account')

export function draftOf(values: Restrictions): Draft {
  return Object.fromEntries(
    SWITCH_NAMES.map((name) => {
      const value = values[name]
      return [name, typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? '')]
    }),
  )
}

/** @param field of the form under which the wrong ones are named, such as `restrictions` */
export function readDraft(
  draft: Draft,
  field: string,
): { readonly values: Restrictions; readonly failures: readonly ApiFailure[] } {
  const entries = Object.entries(draft) as [SwitchName, string][]
  const typed = entries.filter(([, text]) => text.trim() !== '')
  const read = typed.map(([name, text]) => [name, readValue(name, text.trim())] as const)
  const wrong = read.filter(([, value]) => value === null)
  return {
    values: Object.fromEntries(read),
    failures: wrong.map(
      ([name]) => new ApiFailure('not-in-range', { field: `${field}.${name}`, value: name }),
    ),
  }
}

function readValue(name: SwitchName, text: string): boolean | number | null {
  const row = rowOf(name)
  if (!('min' in row)) return text === 'yes'
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN
  return value >= row.min && value <= row.max ? value : null
}
