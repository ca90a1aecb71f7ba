/** Debian packages: which are missing, and getting them when we may. */
import { spawnSync } from 'node:child_process'
import { isInstalled, run } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

/**
 * @param {readonly string[]} names
 * @returns {string[] | undefined} undefined where there is no dpkg to ask
 */
export function missingPackages(names) {
  if (!isInstalled('dpkg-query')) return undefined
  const query = ['-W', '-f=${db:Status-Status} ${Package}\n', ...names]
  const answer = spawnSync('dpkg-query', query, { encoding: 'utf8' }).stdout
  const present = new Set(answer.split('\n').filter((line) => line.startsWith('installed ')))
  return names.filter((name) => !present.has(`installed ${name}`))
}

/**
 * @param {readonly string[]} names
 * @param {(text: string) => void} note
 * @throws {SetupError} when they are missing and cannot be installed; its `repair` is the command
 */
export async function needPackages(names, note) {
  const missing = missingPackages(names)
  if (missing?.length === 0) return
  const list = (missing ?? names).join(' ')
  const repair = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${list}`
  if (missing === undefined) {
    throw new SetupError(
      `This system has no dpkg; what is needed here is called in Debian: ${list}.`,
    )
  }
  if (process.getuid?.() !== 0)
    throw new SetupError(`These packages are missing: ${list}.`, { repair })
  try {
    await install(missing, note)
  } catch (error) {
    if (!(error instanceof SetupError) || error.exitCode !== 1) throw error
    throw new SetupError(`apt-get could not install: ${list}.`, { repair, detail: error.detail })
  }
}

/**
 * @param {readonly string[]} names
 * @param {(text: string) => void} note
 */
async function install(names, note) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const onLine = (/** @type {string} */ line) => note(`apt-get: ${line}`)
  note('apt-get update')
  await run('apt-get', ['update', '-q'], { env, onLine })
  const options = ['-y', '-q', '--no-install-recommends']
  await run('apt-get', ['install', ...options, ...names], { env, onLine })
}
