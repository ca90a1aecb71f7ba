/** What the list of the audit log is narrowed to, as the address names it. */
import type { Sent } from '@huisclos/tmms/contract/routes'
import { dayBegins, nextDayBegins } from '../../../account/dates.ts'
import { ACTIONS } from './wording.ts'

export interface Filter {
  readonly q: string
  readonly action: string
  readonly actor: string
  readonly object: string
  /** As `<input type="date">` writes it; both days included. */
  readonly since: string
  readonly until: string
}

export const NO_FILTER: Filter = { q: '', action: '', actor: '', object: '', since: '', until: '' }
const NAMES = Object.keys(NO_FILTER) as (keyof Filter)[]

/** @param search of the address, with or without its question mark; what nobody can mean is left out */
export function readFilter(search: string): Filter {
  const given = new URLSearchParams(search)
  const filter = Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? '']))
  const { action = '', since = '', until = '', ...rest } = filter
  return {
    ...NO_FILTER,
    ...rest,
    action: Object.hasOwn(ACTIONS, action) ? action : '',
    since: dayBegins(since) === null ? '' : since,
    until: dayBegins(until) === null ? '' : until,
  }
}

/** Address of the list so narrowed. */
export function hrefOf(filter: Filter): string {
  const set = NAMES.filter((name) => filter[name] !== '').map((name) => [name, filter[name]])
  const search = new URLSearchParams(set).toString()
  return search === '' ? '/admin/audit' : `/admin/audit?${search}`
}

type Query = NonNullable<Sent<'GET /api/admin/audit', 'query'>>

export function queryOf(filter: Filter): Query {
  const { since, until, ...rest } = filter
  const texts = Object.entries(rest).filter(([, value]) => value !== '')
  const [from, end] = [dayBegins(since), nextDayBegins(until)]
  return {
    ...(Object.fromEntries(texts) as Query),
    ...(from === null ? {} : { since: from.toISOString() }),
    ...(end === null ? {} : { until: end.toISOString() }),
  }
}
