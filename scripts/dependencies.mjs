/** Step "dependencies": `npm ci`, unless node_modules already is what the lock file says. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

/** What npm writes at the very end of an installation: an installation cut off has none. */
const INSTALLED_LOCK = 'node_modules/.package-lock.json'

/**
 * @param {string} root
 * @param {(text: string) => void} note
 * @throws {SetupError} when npm fails, or when Node 24 is not there afterwards
 */
export async function ensureDependencies(root, note) {
  const wanted = locked(join(root, 'package-lock.json'))
  const said = matches(wanted, locked(join(root, INSTALLED_LOCK))) ? 'as locked' : 'installed'
  if (said === 'installed') await npm(root, ['ci', '--no-audit', '--no-fund'], note)
  const node = await ensureNode(root, wanted['node_modules/node']?.version, note)
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
 * The servers need Node 24. The npm package `node` brings it, by an install script that may have been skipped.
 * @param {string} root
 * @param {string | undefined} wanted
 * @param {(text: string) => void} note
 */
async function ensureNode(root, wanted, note) {
  if (nodeVersion(root) === wanted) return wanted
  await npm(root, ['rebuild', 'node', '--ignore-scripts=false'], note)
  const found = nodeVersion(root)
  if (found === wanted) return found
  throw new SetupError(`node_modules/.bin/node is ${found ?? 'missing'} and should be ${wanted}.`, {
    repair: 'npm rebuild node --ignore-scripts=false --foreground-scripts',
  })
}

/** @param {string} root */
function nodeVersion(root) {
  const answer = spawnSync(join(root, 'node_modules/.bin/node'), ['--version'], {
    encoding: 'utf8',
  })
  return answer.status === 0 ? answer.stdout.trim().slice(1) : undefined
}

/**
 * @param {string} root
 * @param {readonly string[]} args
 * @param {(text: string) => void} note
 */
async function npm(root, args, note) {
  // npm must not run on the Node 24 that it is about to replace.
  const path = (process.env.PATH ?? '').split(delimiter)
  const env = {
    ...process.env,
    PATH: path.filter((folder) => !folder.endsWith('node_modules/.bin')).join(delimiter),
    // With a binary given, mediasoup's install script neither downloads nor builds one: the next step does.
    MEDIASOUP_WORKER_BIN: 'the next step of set-up',
  }
  note(`npm ${args[0]}`)
  try {
    await run('npm', args, { cwd: root, env })
  } catch (error) {
    if (!(error instanceof SetupError) || error.exitCode !== 1) throw error
    throw new SetupError(`npm ${args[0]} failed.`, {
      detail: error.detail,
      repair: `npm ${args.join(' ')} (needs the npm registry; npm's own message is above)`,
    })
  }
}
