/** The file of people that was chosen, read; whatever is wrong with it is wrong with the field `file`. */
import { ApiFailure } from '../../../account/api.ts'
import { FormFailures } from '../../../account/form-failures.ts'
import { LINES_MAX, readTable, type PeopleTable } from './csv-table.ts'

/** More than the longest lines of the longest table need. */
const FILE_MAX_MB = 5

/** @throws {FormFailures} with one failure at `file`. */
export async function readPeople(file: Blob | undefined): Promise<PeopleTable> {
  const table = await read(file)
  if (table instanceof ApiFailure) throw new FormFailures([table])
  return table
}

async function read(file: Blob | undefined): Promise<PeopleTable | ApiFailure> {
  const field = 'file'
  if (file === undefined) return new ApiFailure('missing', { field })
  if (file.size > FILE_MAX_MB * 1_000_000)
    return new ApiFailure('table-too-large', { field, count: FILE_MAX_MB })
  const bytes = await file.arrayBuffer().catch((cause: unknown) => ({ cause }))
  if ('cause' in bytes) return new ApiFailure('file-gone', { field, ...bytes })
  const table = readTable(new Uint8Array(bytes))
  if (!('fault' in table)) return table
  const count = table.fault === 'too-many-lines' ? LINES_MAX : table.line
  return new ApiFailure(`table-${table.fault}`, { field, count })
}
