/** The key that seals what the database holds for a while, as the file `seal` of `keys/`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeSecret, missing, readSecret } from './secret-files.ts'

interface Needed {
  readonly sealed: boolean
  readonly accounts: boolean
}

/**
 * @param needed when anything is sealed with it, or there are accounts of a server that had it, it is not made anew
 * @throws {TmmsError} `unavailable` when the file is missing, damaged or not to be read.
 */
export function openSealKey(folder: string, needed: Needed): Uint8Array {
  const path = join(folder, 'seal')
  if (!existsSync(path)) {
    if (needed.sealed) throw missing(path, 'there are mails or passwords sealed with it')
    if (needed.accounts) throw missing(path)
    makeSecret(path)
  }
  return readSecret(path)
}
