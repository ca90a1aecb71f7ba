/** What the list of meetings is narrowed to, as the address names it and as the server is asked. */
import { dayBegins, nextDayBegins } from '../../../account/dates.ts'

export interface Filter {
  readonly q: string
  readonly state: '' | 'planned' | 'open' | 'ended' | 'cancelled'
  /** Account id. */
  readonly organiser: string
  /** As `<input type="date">` writes it; both days included. */
  readonly from: string
  readonly until: string
  readonly order: 'desc' | 'asc'
}

export const NO_FILTER: Filter = {
  q: '',
  state: '',
  organiser: '',
  from: '',
  until: '',
  order: 'desc',
}
const NAMES = Object.keys(NO_FILTER) as (keyof Filter)[]
const STATES = ['planned', 'open', 'ended', 'cancelled'] as const

/** @param search of the address; what makes no sense in it counts as not there */
export function readFilter(search: string): Filter {
  const query = new URLSearchParams(search)
  const get = (name: string): string => query.get(name) ?? ''
  const day = (name: string): string => (dayBegins(get(name)) === null ? '' : get(name))
  const organiser = get('organiser')
  return {
    q: get('q'),
    state: STATES.find((state) => state === get('state')) ?? '',
    organiser: /^[A-Za-z0-9_-]{22}$/.test(organiser) ? organiser : '',
    from: day('from'),
    until: day('until'),
    order: get('order') === 'asc' ? 'asc' : 'desc',
  }
}

/** Address of the list so narrowed, without what is as usual. */
export function hrefOf(filter: Filter): string {
  const set = NAMES.filter((name) => filter[name] !== NO_FILTER[name])
  const search = new URLSearchParams(set.map((name) => [name, filter[name]])).toString()
  return search === '' ? '/admin/meetings' : `/admin/meetings?${search}`
}

/** As the server takes it. */
export function queryOf({
  q,
  state,
  organiser,
  from,
  until,
  order,
}: Filter): Record<string, string> {
  const [begin, end] = [dayBegins(from), nextDayBegins(until)]
  return {
    order,
    ...(q.trim() === '' ? {} : { q }),
    ...(state === '' ? {} : { state }),
    ...(organiser === '' ? {} : { organiser }),
    ...(begin === null ? {} : { from: begin.toISOString() }),
    ...(end === null ? {} : { until: end.toISOString() }),
  }
}
