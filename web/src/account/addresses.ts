/** What a list of people is refused for, before it is sent and afterwards, and how it is written again. */
import { INVITED_MAX } from '@huisclos/tmms/contract/limits'
import type { Addressee, Addresses } from './address-reading.ts'
import { ApiFailure } from './api.ts'
import { FormFailures } from './form-failures.ts'

/** Everything that keeps these addresses from being sent, each piece by its own sentence. */
export function checkAddresses({ good, bad }: Addresses, field: string): readonly ApiFailure[] {
  const failures = bad.map(
    ({ text, why, ...more }) => new ApiFailure(why, { field, value: text, ...more }),
  )
  if (good.length <= INVITED_MAX) return failures
  return [...failures, new ApiFailure('too-many-invited', { field, count: good.length })]
}

/**
 * Sends a list, and names each address in it that the server refuses.
 * @throws {FormFailures} with everything that is wrong.
 */
export async function namingRefused<T>(
  sent: Promise<T>,
  { good }: Addresses,
  field: string,
): Promise<T> {
  try {
    return await sent
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const all = error.problems.length > 0 ? error.problems : [error]
    throw new FormFailures(
      all.map((failure) => {
        const [at, index] = failure.field?.split('.') ?? []
        const email = at === field ? good[Number(index)]?.email : undefined
        return email === undefined ? failure : failure.about(field, email)
      }),
    )
  }
}

/** As `readAddresses` reads it. */
export function writeAddressee({ email, firstName, lastName }: Addressee): string {
  const name = `${firstName} ${lastName}`.trim()
  return name === '' ? email : `${name} <${email}>`
}
