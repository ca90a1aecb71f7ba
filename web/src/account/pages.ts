/** A list of the server, which comes page by page. */

export interface Page<T> {
  readonly rows: readonly T[]
  /** Asks for the following page; null on the last one. */
  readonly next: string | null
}

/** Every row, page after page. @throws {ApiFailure} as `ask` */
export async function everyPage<T>(
  ask: (query: { cursor?: string }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const all: T[] = []
  let cursor: string | null = null
  do {
    const { rows, next }: Page<T> = await ask(cursor === null ? {} : { cursor })
    all.push(...rows)
    cursor = next
  } while (cursor !== null)
  return all
}
