/** Lists page by page: a cursor is the place of the last row that was shown. */
import { TmmsError } from '../errors.ts'

/** Where a row stands: by a time, and among equals by its id. */
export interface Place {
  readonly atMs: number
  readonly id: string
}

export interface PageRequest {
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface Page<T> {
  readonly rows: readonly T[]
  readonly next: string | null
}

/** @throws {TmmsError} `bad-request` for what this server never gave out. */
export function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null
  const [, atMs, id] = /^(\d{1,16})\.([A-Za-z0-9_-]{22})$/.exec(cursor) ?? []
  if (atMs !== undefined && id !== undefined) return { atMs: Number(atMs), id }
  throw new TmmsError('bad-request', 'The cursor is not one of this server.', { field: 'cursor' })
}

/** @param rows as many as asked for, and one more when there are more. */
export function pageOf<T>(rows: readonly T[], limit: number, place: (row: T) => Place): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (rows.length <= limit || last === undefined) return { rows: shown, next: null }
  const { atMs, id } = place(last)
  return { rows: shown, next: `${atMs}.${id}` }
}
