/** Builds mediasoup-worker from the npm package's sources, against the libraries of the distribution. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { needPackages } from './packages.mjs'
import { run } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

export const BUILD_PACKAGES = [
  'cmake',
  'ninja-build',
  'pkg-config',
  'g++',
  'patch',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
]
const SOURCES = ['src', 'include', 'fbs', 'deps']

/**
 * Builds beside the target and renames at the end: a build that was cut off leaves nothing that looks finished.
 * @param {{ recipe: string, sources: string, target: string, note: (text: string) => void }} job
 * @throws {SetupError} with the compiler's last lines
 */
export async function buildWorker({ recipe, sources, target, note }) {
  await needPackages(BUILD_PACKAGES, note)
  const folder = dirname(target)
  mkdirSync(dirname(folder), { recursive: true })
  const work = mkdtempSync(`${folder}.build-`)
  try {
    await patchedCopy({ recipe, sources, copy: join(work, 'worker'), note })
    await compile({ recipe, work, note })
    const finished = join(work, 'finished')
    mkdirSync(finished)
    renameSync(join(work, 'build/mediasoup-worker'), join(finished, 'mediasoup-worker'))
    rmSync(folder, { recursive: true, force: true })
    renameSync(finished, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** @param {{ recipe: string, sources: string, copy: string, note: (text: string) => void }} job */
async function patchedCopy({ recipe, sources, copy, note }) {
  note('patching a copy of the sources')
  for (const name of SOURCES) cpSync(join(sources, name), join(copy, name), { recursive: true })
  const patches = join(recipe, 'patches')
  for (const name of readdirSync(patches).sort()) {
    // A patch that fits only loosely was written for other sources: look at it, do not guess.
    const input = ['-p1', '--fuzz=0', '--batch', '-d', copy, '-i', join(patches, name)]
    await run('patch', input)
  }
}

/** @param {{ recipe: string, work: string, note: (text: string) => void }} job */
async function compile({ recipe, work, note }) {
  const build = join(work, 'build')
  const settings = [`-DWORKER_SOURCE_DIR=${join(work, 'worker')}`, '-DCMAKE_BUILD_TYPE=None']
  note('configuring')
  await run('cmake', ['-G', 'Ninja', '-S', recipe, '-B', build, ...settings])
  // Ninja begins each line with [done/total].
  const onLine = (/** @type {string} */ line) => {
    const counted = /^\[(\d+\/\d+)\]/.exec(line)
    if (counted) note(`compiling ${counted[1]}`)
  }
  try {
    await run('cmake', ['--build', build, '--parallel', String(availableParallelism())], { onLine })
  } catch (error) {
    if (!(error instanceof SetupError) || error.exitCode !== 1) throw error
    throw new SetupError('The media worker did not compile; the compiler said why above.', {
      detail: error.detail,
      repair: `sudo apt-get install --reinstall ${BUILD_PACKAGES.join(' ')} (or set HC_WORKER_BIN)`,
    })
  }
}
