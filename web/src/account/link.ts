/** Ends an account link: checks what was typed, hashes the password, and hands both to the server. */
import { hashPassword } from '@huisclos/e2ee-worker/password-client'
import type { Account, Language } from '@huisclos/tmms/contract/accounts'
import type { LinkInfo } from '@huisclos/tmms/contract/sign-in'
import { looksLikeAddress, normalise } from './addresses.ts'
import { api, ApiFailure } from './api.ts'
import { checkPassword } from './password-rules.ts'

export interface LinkForm {
  readonly firstName: string
  readonly lastName: string
  readonly language: Language
  readonly password: string
  readonly confirmation: string
  /** Only for `setup`: other links name their account themselves. */
  readonly email?: string
}

/** @throws {ApiFailure} with the first field that is wrong, before anything is sent. */
export async function acceptLink(
  token: string,
  info: LinkInfo,
  form: LinkForm,
): Promise<{ account: Account; next: string | null }> {
  const firstName = form.firstName.trim()
  const lastName = form.lastName.trim()
  if (firstName === '') throw new ApiFailure('missing', { field: 'firstName' })
  if (lastName === '') throw new ApiFailure('missing', { field: 'lastName' })
  const email = form.email === undefined ? undefined : normalise(form.email)
  if (email !== undefined && !looksLikeAddress(email))
    throw new ApiFailure('invalid-email', { field: 'email' })
  const wrong = checkPassword(form.password, form.confirmation)
  if (wrong !== null) throw wrong
  const auth = await hashPassword(form.password, info.params)
  return api('POST /api/links/accept', {
    token,
    firstName,
    lastName,
    language: form.language,
    credential: { ...info.params, auth },
    ...(email === undefined ? {} : { email }),
  })
}
