/** Step "media worker": finds the mediasoup-worker binary, or builds it, or fetches the official one. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SetupError } from './setup-error.mjs'
import { hashOf } from './stamp.mjs'
import { BUILD_PACKAGES, buildWorker } from './worker-build.mjs'
import { fetchWorker } from './worker-prebuilt.mjs'
import { missingPackages } from './packages.mjs'

const RECIPE = ['CMakeLists.txt', 'patches', 'shim']
// mediasoup-worker ends with this code when nobody told it MEDIASOUP_VERSION: proof that it runs here.
const NO_VERSION_GIVEN = 41

/**
 * @param {string} root
 * @param {(text: string) => void} note
 * @returns {Promise<{ env: Record<string, string>, said: string }>} what the server's environment needs
 * @throws {SetupError} when no way leads to a binary that runs
 */
export async function ensureWorker(root, note) {
  const own = process.env.HC_WORKER_BIN
  if (own) return ours(checked(own), `HC_WORKER_BIN ${own}`)

  const { built, official, version } = workerPaths(root)
  if (runs(built)) return ours(built, `mediasoup ${version}, in the cache`)
  const toolsMissing = missingPackages(BUILD_PACKAGES)?.length !== 0
  if (toolsMissing && runs(official)) return theirs(official, `mediasoup ${version}`)
  const cannotBuild = await tryToBuild(root, built, note)
  if (!cannotBuild) return ours(checked(built), `mediasoup ${version}, built`)
  await fetchInstead({ version, official, note, cannotBuild })
  const better = cannotBuild.repair ? ` Better: ${cannotBuild.repair}` : ''
  return theirs(checked(official), `mediasoup ${version}: ${cannotBuild.message}${better}`)
}

/**
 * @param {string} binary
 * @param {string} said
 */
function ours(binary, said) {
  return { env: { HC_WORKER_BIN: binary }, said }
}

/**
 * The official binary lacks our TCP_NODELAY patch: null frames from the relay make up for it.
 * @param {string} binary
 * @param {string} said
 */
function theirs(binary, said) {
  const env = { HC_WORKER_BIN: binary, HC_RELAY_NULL_FRAMES: '1' }
  return { env, said: `the official binary of ${said}` }
}

/**
 * Outside the checkout, so that a fresh clone finds what another one has built.
 * @param {string} root
 */
function workerPaths(root) {
  const manifest = join(root, 'node_modules/mediasoup/package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  const recipe = hashOf(join(root, 'sfu/worker'), RECIPE, {
    also: [process.platform, process.arch],
  })
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huisclos/worker')
  return {
    version,
    built: join(cache, `${version}-${recipe.slice(0, 12)}`, 'mediasoup-worker'),
    official: join(cache, `${version}-official`, 'mediasoup-worker'),
  }
}

/**
 * @param {string} root
 * @param {string} target
 * @param {(text: string) => void} note
 * @returns {Promise<SetupError | undefined>} why there is no compiler; a compiler that fails throws
 */
async function tryToBuild(root, target, note) {
  const sources = join(root, 'node_modules/mediasoup/worker')
  try {
    await buildWorker({ recipe: join(root, 'sfu/worker'), sources, target, note })
    return undefined
  } catch (error) {
    const complete = missingPackages(BUILD_PACKAGES)?.length === 0
    if (complete || !(error instanceof SetupError) || error.exitCode !== 1) throw error
    return error
  }
}

/** @param {{ version: string, official: string, note: (text: string) => void, cannotBuild: SetupError }} job */
async function fetchInstead({ version, official, note, cannotBuild }) {
  try {
    await fetchWorker({ version, target: official, note })
  } catch (error) {
    if (!(error instanceof SetupError) || error.exitCode !== 1) throw error
    throw new SetupError(
      `There is no media worker. It cannot be built: ${cannotBuild.message}\nNor fetched: ${error.message}`,
      { repair: cannotBuild.repair, detail: cannotBuild.detail },
    )
  }
}

/** @param {string} binary */
function checked(binary) {
  if (runs(binary)) return binary
  throw new SetupError(`${binary} is not a mediasoup-worker that runs on this machine.`, {
    repair: 'unset HC_WORKER_BIN, or remove the cached binary, and start again',
  })
}

/** @param {string} binary */
function runs(binary) {
  const env = { ...process.env }
  delete env.MEDIASOUP_VERSION
  return (
    existsSync(binary) && spawnSync(binary, { env, timeout: 10_000 }).status === NO_VERSION_GIVEN
  )
}
