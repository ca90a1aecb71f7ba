/** The key that seals what the database holds for a while, as the file `seal` of `keys/`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeSecret, missing, readSecret } from './secret-files.ts'

/**
 * @param inUse whether anything is sealed with it: then it is not made anew.
 * @throws {TmmsError} `unavailable` when the file is missing, damaged or not to be read.
 */
export function openSealKey(folder: string, inUse: boolean): Uint8Array {
  const path = join(folder, 'seal')
  if (!existsSync(path)) {
    if (inUse) throw missing(path, 'there are mails or passwords sealed with it')
    makeSecret(path)
  }
  return readSecret(path)
}
