/** How values of switches combine: the strictest wins, whatever the table of switches holds. */
import type { SwitchRow } from '../../contract/switches.ts'

type Value = boolean | number
type Table = Readonly<Record<string, SwitchRow>>
/** A value for each switch that is restricted. */
type Partly<T extends Table> = { readonly [N in keyof T]?: Value }
type Wholly<T extends Table> = { readonly [N in keyof T]: Value }

/** Somebody or something that restricts, by name. */
export interface Source<T extends Table> {
  readonly name: string
  readonly restrictions: Partly<T>
}

/** The value that forbids nothing. */
export function loosest(row: SwitchRow): Value {
  switch (row.kind) {
    case 'allowed':
      return true
    case 'required':
      return false
    case 'limit':
      return row.max
    case 'floor':
      return row.min
  }
}

/** Of two values of one switch the one that allows less. */
function stricter(row: SwitchRow, one: Value, other: Value): Value {
  switch (row.kind) {
    case 'allowed':
      return one && other
    case 'required':
      return one || other
    case 'limit':
      return Math.min(Number(one), Number(other))
    case 'floor':
      return Math.max(Number(one), Number(other))
  }
}

/** A value for every switch of the table. */
export function strictest<T extends Table>(
  table: T,
  all: readonly Partly<T>[],
): { readonly [N in keyof T]: Value } {
  const valueOf = (name: string, row: SwitchRow): Value =>
    all.reduce((value, one) => stricter(row, value, one[name] ?? value), loosest(row))
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [name, valueOf(name, row)]),
  ) as Wholly<T>
}

/** For every switch its value, and the names of those whose value it is: none while nobody restricts it. */
export function explain<T extends Table>(
  table: T,
  sources: readonly Source<T>[],
): readonly { name: keyof T & string; value: Value; groups: readonly string[] }[] {
  const values = strictest(
    table,
    sources.map(({ restrictions }) => restrictions),
  )
  return Object.entries(table).map(([name, row]) => {
    const value = values[name] as Value
    const free = value === loosest(row)
    const deciding = sources.filter(({ restrictions }) => restrictions[name] === value)
    return { name, value, groups: free ? [] : deciding.map((source) => source.name) }
  })
}

/** Those switches whose value is signed into tokens, in the claim `pol`. */
export function signed<T extends Table>(
  table: T,
  values: Wholly<T>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, { holds }]) => holds === 'token')
      .map(([name]) => [name, values[name] as Value]),
  )
}

/** Whether a value is within what a switch allows. */
export function fits(row: SwitchRow, allowed: Value, wanted: Value): boolean {
  return stricter(row, allowed, wanted) === wanted
}
