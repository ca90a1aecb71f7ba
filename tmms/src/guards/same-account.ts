/** Refuses what a page asks for in the name of an account that is no longer the one of its browser. */
import type { Request } from 'express'
import { ACCOUNT_HEADER } from '../contract/answer.ts'
import { TmmsError } from '../errors.ts'

/**
 * All tabs of a browser share one cookie: another of them may have signed in as somebody else.
 * @throws {TmmsError} `other-account`.
 */
export function requireSame(request: Request, account: { readonly id: string }): void {
  const believed = request.get(ACCOUNT_HEADER)
  if (believed === undefined || believed === account.id) return
  throw new TmmsError('other-account', 'Another account has signed in in this browser.')
}
