/** Links in mails, followed to their end. */
import type { LinkInfo, NewCredential, PasswordParams } from '../src/contract/sign-in.ts'
import { PASSWORD, hash, type Answer, type Browser } from './browser.ts'

export function tokenOf(link: string | null | undefined): string {
  return new URL(link ?? '').hash.slice(1)
}

export function credentialFor(params: PasswordParams, password = PASSWORD): NewCredential {
  return { ...params, auth: hash(password, params) }
}

const NAMES = { firstName: 'Ada', lastName: 'Lovelace', language: 'en' } as const

/** Follows a link in a mail to its end. */
export async function follow(
  browser: Browser,
  link: string | null | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const token = tokenOf(link)
  const read = await browser.call('POST /api/links/read', { token })
  if (read.status !== 200) return read
  const credential = credentialFor((read.body as LinkInfo).params)
  return browser.call('POST /api/links/accept', { token, ...NAMES, credential, ...more })
}
