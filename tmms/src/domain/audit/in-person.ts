/** What an API token never does, whatever its scopes: what would give whoever has it more than these. */
import { TmmsError } from '../../errors.ts'
import type { Actor } from './actor.ts'

/** @throws {TmmsError} `token-scope`. */
export function requireInPerson({ token }: Actor): void {
  if (token === undefined) return
  const words =
    'No API token may make, change or restrict administrators, or say how mails go and passwords are.'
  throw new TmmsError('token-scope', words)
}
