/** What the list of people is narrowed to and sorted by, as the address names it and as the server is asked. */
import type { Role } from '@huisclos/tmms/contract/accounts'

type State = 'invited' | 'active' | 'disabled'
type LastSignIn = '' | 'never' | 'month' | 'quarter' | 'older'

export interface Filters {
  readonly q: string
  readonly role: Role | ''
  readonly state: State | ''
  /** Id of a group, or empty. */
  readonly group: string
  readonly last: LastSignIn
  readonly sort: 'name' | 'email' | 'created' | 'lastSignIn'
  readonly order: 'asc' | 'desc'
  /** Whether the form of invitations is open: it narrows nothing. */
  readonly invite: '' | 'open'
}

const DAY_MS = 24 * 3_600_000
const CHOICES: { readonly [K in Exclude<keyof Filters, 'q' | 'group'>]: readonly Filters[K][] } = {
  role: ['', 'user', 'organiser', 'administrator'],
  state: ['', 'invited', 'active', 'disabled'],
  last: ['', 'never', 'month', 'quarter', 'older'],
  sort: ['name', 'email', 'created', 'lastSignIn'],
  order: ['asc', 'desc'],
  invite: ['', 'open'],
}

/** @param search query of the address; what makes no sense in it counts as not there. */
export function readFilters(search: string): Filters {
  const query = new URLSearchParams(search)
  const choice = <K extends keyof typeof CHOICES>(name: K): Filters[K] => {
    const choices = CHOICES[name]
    const value = query.get(name)
    return choices.find((one) => one === value) ?? (choices[0] as Filters[K])
  }
  return {
    q: query.get('q') ?? '',
    role: choice('role'),
    state: choice('state'),
    group: /^[\w-]{22}$/.test(query.get('group') ?? '') ? (query.get('group') ?? '') : '',
    last: choice('last'),
    sort: choice('sort'),
    order: choice('order'),
    invite: choice('invite'),
  }
}

/** Without what is as usual. */
export function writeFilters(filters: Filters): string {
  const usual = readFilters('')
  const named = Object.entries(filters).filter(
    ([name, value]) => value !== usual[name as keyof Filters],
  )
  const search = new URLSearchParams(named as [string, string][]).toString()
  return search === '' ? '/admin/users' : `/admin/users?${search}`
}

/** As the server takes it. */
export function askedFor(filters: Filters, nowMs: number): Record<string, string> {
  const { q, role, state, group, sort, order } = filters
  return {
    sort,
    order,
    ...(q.trim() === '' ? {} : { q }),
    ...(role === '' ? {} : { role }),
    ...(state === '' ? {} : { state }),
    ...(group === '' ? {} : { group }),
    ...signedIn(filters.last, nowMs),
  }
}

function signedIn(last: LastSignIn, nowMs: number): Record<string, string> {
  const ago = (days: number): string => new Date(nowMs - days * DAY_MS).toISOString()
  switch (last) {
    case '':
      return {}
    case 'never':
      return { lastSignIn: 'never' }
    case 'month':
      return { signedInFrom: ago(30) }
    case 'quarter':
      return { signedInFrom: ago(90) }
    case 'older':
      return { signedInBefore: ago(90) }
  }
}
