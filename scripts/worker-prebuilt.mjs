/** Fetches the official mediasoup-worker, for machines where no compiler can be had. */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { arch, platform, release } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

const RELEASES = 'https://github.com/versatica/mediasoup/releases/download'

/**
 * @param {{ version: string, target: string, note: (text: string) => void }} job
 * @throws {SetupError} when it cannot be fetched
 */
export async function fetchWorker({ version, target, note }) {
  const base = process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || RELEASES
  const url = `${base}/${version}/${archiveName(version)}`
  note(`fetching ${url}`)
  const archive = await download(url)
  const folder = dirname(target)
  mkdirSync(dirname(folder), { recursive: true })
  const work = mkdtempSync(`${folder}.fetch-`)
  try {
    writeFileSync(join(work, 'worker.tgz'), archive)
    mkdirSync(join(work, 'finished'))
    await run('tar', ['-xzf', join(work, 'worker.tgz'), '-C', join(work, 'finished')])
    chmodSync(join(work, 'finished/mediasoup-worker'), 0o755)
    rmSync(folder, { recursive: true, force: true })
    renameSync(join(work, 'finished'), folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** @param {string} version */
function archiveName(version) {
  const kernel = platform() === 'linux' ? `-kernel${release().split('.')[0]}` : ''
  return `mediasoup-worker-${version}-${platform()}-${arch()}${kernel}.tgz`
}

/** @param {string} url */
async function download(url) {
  try {
    const response = await fetch(url)
    if (response.ok) return Buffer.from(await response.arrayBuffer())
    throw new SetupError(`${url} answered ${response.status}.`)
  } catch (error) {
    if (error instanceof SetupError) throw error
    throw new SetupError(
      `${url} could not be fetched: ${String(error.cause?.message ?? error.message)}.`,
    )
  }
}
