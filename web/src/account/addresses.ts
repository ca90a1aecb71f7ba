/** What a list of people is refused for before it is sent, and how it is written again. */
import { INVITED_MAX } from '@huisclos/tmms/contract/limits'
import type { Addressee, Addresses } from './address-reading.ts'
import { ApiFailure } from './api.ts'

/** Everything that keeps these addresses from being sent, each piece by its own sentence. */
export function checkAddresses({ good, bad }: Addresses, field: string): readonly ApiFailure[] {
  const failures = bad.map(
    ({ text, why, ...more }) => new ApiFailure(why, { field, value: text, ...more }),
  )
  if (good.length <= INVITED_MAX) return failures
  return [...failures, new ApiFailure('too-many-invited', { field, count: good.length })]
}

/** As `readAddresses` reads it. */
export function writeAddressee({ email, firstName, lastName }: Addressee): string {
  const name = `${firstName} ${lastName}`.trim()
  return name === '' ? email : `${name} <${email}>`
}
