/** Step "dependencies": `npm ci`, unless node_modules already is what the lock file says. */
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './processes.mjs'
import { ensureRuntime } from './runtime.mjs'
import { SetupError } from './setup-error.mjs'

/** What npm writes at the very end of an installation: an installation cut off has none. */
const INSTALLED_LOCK = 'node_modules/.package-lock.json'

/**
 * @param {string} root
 * @param {(text: string) => void} note
 * @throws {SetupError} when npm fails, or when no Node is there afterwards that can run the servers
 */
export async function ensureDependencies(root, note) {
  const wanted = locked(join(root, 'package-lock.json'))
  const said = matches(wanted, locked(join(root, INSTALLED_LOCK))) ? 'as locked' : 'installed'
  if (said === 'installed') await npm(root, ['ci', '--no-audit', '--no-fund'], note)
  const node = await ensureRuntime(root, (folder, args) => npm(folder, args, note))
  return `${said}, Node ${node}`
}

/**
 * @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean,
 *   peer?: boolean, link?: boolean }>} Packages
 */

/**
 * @param {string} file
 * @returns {Packages}
 */
function locked(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

/**
 * Packages for other systems are in the lock file and not on the disk.
 * @param {Packages} wanted
 * @param {Packages} present
 */
export function matches(wanted, present) {
  return Object.entries(wanted).every(([path, { version, integrity, ...more }]) => {
    if (!path.includes('node_modules/')) return true
    const found = present[path]
    if (!found) return Boolean(more.optional || more.devOptional)
    return found.version === version && found.integrity === integrity
  })
}

/**
 * @param {string} folder
 * @param {readonly string[]} args
 * @param {(text: string) => void} note
 */
async function npm(folder, args, note) {
  // npm runs on the machine's own Node: the other may be about to be replaced.
  const path = (process.env.PATH ?? '').split(delimiter)
  const env = {
    ...process.env,
    PATH: path.filter((folder) => !folder.endsWith('node_modules/.bin')).join(delimiter),
    // With a binary given, mediasoup's install script neither downloads nor builds one: the next step does.
    MEDIASOUP_WORKER_BIN: 'the next step of set-up',
  }
  note(`npm ${args[0]}`)
  try {
    await run('npm', args, { cwd: folder, env })
  } catch (error) {
    if (!(error instanceof SetupError) || error.exitCode !== 1) throw error
    throw new SetupError(`npm ${args[0]} failed.`, {
      detail: error.detail,
      repair: `npm ${args.join(' ')} (needs the npm registry; npm's own message is above)`,
    })
  }
}
