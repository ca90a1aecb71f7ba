/** The Node that the servers run on: the machine's own when it is new enough, the npm package `node` otherwise. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { SetupError } from './setup-error.mjs'

// The first with `import.meta.main`; TypeScript is run as it is since 22.18.
const OLDEST = [24, 2]

/**
 * Afterwards `node_modules/.bin/node` is a Node of at least 24.2, whoever brought it.
 * @param {string} root
 * @param {(folder: string, args: readonly string[]) => Promise<void>} npm runs npm in a folder
 * @returns {Promise<string>} its version and where it comes from
 * @throws {SetupError} when there is none, and none can be installed
 */
export async function ensureRuntime(root, npm) {
  const own = machineNode(process.env.PATH ?? '')
  if (own) {
    link(root, own.file)
    return `${own.version} of this machine`
  }
  const folder = join(root, 'scripts/runtime')
  const file = join(folder, 'node_modules/node/bin/node')
  if (!isNewEnough(versionOf(file))) await npm(folder, ['ci', '--ignore-scripts=false'])
  const version = versionOf(file)
  if (!isNewEnough(version)) {
    throw new SetupError(`The npm package node gave ${version ?? 'no program that runs'}.`, {
      repair: 'npm ci --prefix scripts/runtime --ignore-scripts=false --foreground-scripts',
    })
  }
  link(root, file)
  return `${version} from npm`
}

/**
 * The first `node` of the PATH that was not put there by npm.
 * @param {string} path
 */
export function machineNode(path) {
  const folders = path.split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'))
  const file = folders.map((folder) => join(folder, 'node')).find((one) => existsSync(one))
  const version = file === undefined ? undefined : versionOf(file)
  return file !== undefined && isNewEnough(version) ? { file, version } : undefined
}

/** @param {string | undefined} version such as `24.2.0` */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** @param {string} file */
function versionOf(file) {
  const answer = spawnSync(file, ['--version'], { encoding: 'utf8' })
  return answer.status === 0 ? answer.stdout.trim().slice(1) : undefined
}

/**
 * @param {string} root
 * @param {string} target
 */
function link(root, target) {
  const path = join(root, 'node_modules/.bin/node')
  if (linkOf(path) === target) return
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  symlinkSync(target, path)
}

/** @param {string} path */
function linkOf(path) {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
