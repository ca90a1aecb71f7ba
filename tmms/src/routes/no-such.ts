/** What is said of an id that is of another shape than any that was ever given out: that of an unknown one. */
import { notFound } from '../domain/meetings/meeting.ts'
import { TmmsError } from '../errors.ts'

/** By the beginning of the route's path. */
const NOUNS = [
  ['/api/admin/accounts/', 'account'],
  ['/api/admin/api-tokens/', 'API token'],
  ['/api/admin/audit/entries/', 'entry'],
  ['/api/admin/groups/', 'group'],
  ['/api/admin/letters/', 'mail'],
  ['/api/admin/mail/queue/', 'mail'],
  ['/api/admin/meetings/', 'meeting'],
] as const

/** @param route as the contract names it */
export function noSuch(route: string): TmmsError {
  const path = route.slice(route.indexOf(' ') + 1)
  const noun = NOUNS.find(([beginning]) => path.startsWith(beginning))?.[1]
  return noun === undefined ? notFound() : new TmmsError('not-found', `There is no such ${noun}.`)
}
