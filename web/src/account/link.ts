/** Ends an account link: checks what was typed, hashes the password, and hands both to the server. */
import { hashPassword } from '@huisclos/e2ee-worker/password-client'
import type { Account, Language } from '@huisclos/tmms/contract/accounts'
import type { LinkInfo } from '@huisclos/tmms/contract/sign-in'
import { isMailAddress } from '@huisclos/tmms/contract/email'
import { normalise } from './normalise.ts'
import { api, ApiFailure } from './api.ts'
import { requireNone } from './form-failures.ts'
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

/** @throws {FormFailures} with every field that is wrong, before anything is sent; {ApiFailure} as the server refuses. */
export async function acceptLink(
  token: string,
  info: LinkInfo,
  form: LinkForm,
): Promise<{ account: Account; next: string | null }> {
  const firstName = form.firstName.trim()
  const lastName = form.lastName.trim()
  const email = form.email === undefined ? undefined : normalise(form.email)
  const missing = (field: string) => new ApiFailure('missing', { field })
  const owner = { firstName, lastName, email: email ?? info.email }
  requireNone([
    firstName === '' ? missing('firstName') : null,
    lastName === '' ? missing('lastName') : null,
    email !== undefined && !isMailAddress(email)
      ? new ApiFailure('invalid-email', { field: 'email' })
      : null,
    ...(await checkPassword(form.password, form.confirmation, { owner, rules: info.rules })),
  ])
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
