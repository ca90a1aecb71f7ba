/** What a change has changed, from what to what, as details of an entry. */
import type { AuditDetails } from '../../contract/audit.ts'

type Value = AuditDetails[string]

/** `{ name: after, 'name.from': before }` for each that differs; null stands for what there is not. */
export function differences(
  before: Readonly<Record<string, Value | undefined>>,
  after: Readonly<Record<string, Value | undefined>>,
): AuditDetails {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names.filter((name) => write(before[name]) !== write(after[name]))
  return Object.fromEntries(
    changed.flatMap((name) => [
      [name, after[name] ?? null],
      [`${name}.from`, before[name] ?? null],
    ]),
  )
}

function write(value: Value | undefined): string {
  return JSON.stringify(value ?? null)
}
