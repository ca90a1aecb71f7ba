/** Entries of a list of which the server says by number which is wrong; the person reads the entry itself. */
import { ApiFailure } from './api.ts'
import { FormFailures } from './form-failures.ts'

/** @throws {FormFailures} with everything that is wrong, each about `field`. */
export async function namingEntries<T>(
  sent: Promise<T>,
  field: string,
  entries: readonly string[],
): Promise<T> {
  try {
    return await sent
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const all = error.problems.length > 0 ? error.problems : [error]
    throw new FormFailures(
      all.map((one) => {
        const [at, index] = one.field?.split('.') ?? []
        const entry = at === field ? entries[Number(index)] : undefined
        return entry === undefined ? one : one.about(field, entry)
      }),
    )
  }
}
