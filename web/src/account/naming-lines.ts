/** Lines of which the server says by number which is wrong; the person reads the line itself. */
import { ApiFailure } from './api.ts'
import { FormFailures } from './form-failures.ts'

/** @throws {FormFailures} with everything that is wrong, each about `field`. */
export async function namingLines<T>(
  sent: Promise<T>,
  field: string,
  lines: readonly string[],
): Promise<T> {
  try {
    return await sent
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const all = error.problems.length > 0 ? error.problems : [error]
    throw new FormFailures(
      all.map((one) => {
        const [at, index] = one.field?.split('.') ?? []
        const line = at === field ? lines[Number(index)] : undefined
        return line === undefined ? one : one.about(field, line)
      }),
    )
  }
}
