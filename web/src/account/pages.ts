/** A list of the server, which comes page by page. */

export interface Page<T> {
  readonly rows: readonly T[]
  /** Asks for the following page; null on the last one. */
  readonly next: string | null
}

interface Identified {
  readonly id: string
}

/** What changed its place while the pages were read is shown once, as it was found last: a key may not come twice. */
export function withPage<T extends Identified>(
  rows: readonly T[],
  page: readonly T[],
): readonly T[] {
  const found = new Map(page.map((row) => [row.id, row]))
  return [...rows.filter(({ id }) => !found.has(id)), ...found.values()]
}

/** Every row, page after page. @throws {ApiFailure} as `ask` */
export async function everyPage<T extends Identified>(
  ask: (query: { cursor?: string }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  let all: readonly T[] = []
  let cursor: string | null = null
  do {
    const { rows, next }: Page<T> = await ask(cursor === null ? {} : { cursor })
    all = withPage(all, rows)
    cursor = next
  } while (cursor !== null)
  return all
}
