/** Files that are whole or not there, whatever happens to the power. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Mode 0600, for its owner to read alone. Written aside and renamed: half a root key would be worse than none. */
export function writeWhole(path: string, text: string): void {
  const aside = `${path}.new`
  const file = openSync(aside, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  moveWhole(aside, path)
}

/** Afterwards the new name is on disk, too. */
export function moveWhole(from: string, to: string): void {
  renameSync(from, to)
  const folder = openSync(dirname(to), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
