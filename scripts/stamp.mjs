/** Recognises inputs that have not changed, so that a second start has nothing to do. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Hash of the names and contents of files and whole folders. A path that does not exist counts as empty.
 * @param {string} root
 * @param {readonly string[]} paths relative to `root`
 * @param {{ skip?: readonly string[], also?: readonly string[] }} [options] `skip`: paths left out;
 *   `also`: strings that belong to the input
 */
export function hashOf(root, paths, { skip = [], also = [] } = {}) {
  const hash = createHash('sha256')
  for (const text of also) hash.update(`${text.length}:${text}`)
  for (const path of paths.flatMap((path) => filesBelow(root, path, skip))) {
    const content = readFileSync(join(root, path))
    hash.update(`${path.length}:${path}:${content.length}:`).update(content)
  }
  return hash.digest('hex')
}

/**
 * @param {string} root
 * @param {string} path
 * @param {readonly string[]} skip
 * @returns {string[]} sorted, so that the order on the disk does not matter
 */
function filesBelow(root, path, skip) {
  const full = join(root, path)
  if (skip.includes(path) || !existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [path]
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesBelow(root, `${path}/${name}`, skip))
}

/** @param {string} file */
export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}
