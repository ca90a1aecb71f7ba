/** What headless browsers need around them: a screen to share and a sound device that plays nothing. */
import { existsSync, mkdtempSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ended, start } from './processes.mjs'
import { SetupError } from './setup-error.mjs'

const START_MS = 20_000

/**
 * Starts Xvfb and PulseAudio.
 * @returns {Promise<{ env: Record<string, string>, close: () => Promise<void> }>}
 */
export async function openStage() {
  const sound = await startPulse()
  try {
    const screen = await startScreen()
    const close = async () => {
      await screen.close()
      await sound.close()
    }
    return { env: { DISPLAY: screen.display, PULSE_SERVER: `unix:${sound.socket}` }, close }
  } catch (error) {
    await sound.close()
    throw error
  }
}

/** Firefox shares a screen only where there is one. Xvfb chooses a free number and tells it. */
async function startScreen() {
  const args = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']
  const child = start('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = new Promise((resolve) => {
    child.stdio[3]?.once('data', (data) => resolve(String(data).trim()))
  })
  const display = `:${await soon('Xvfb', child, number)}`
  return { display, close: () => stop(child) }
}

/** Firefox's AudioContext never starts without a sound device. */
async function startPulse() {
  // Not in the checkout: the path of a Unix socket must fit into 108 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'huisclos-sound-'))
  const socket = join(folder, 'native')
  const child = start(
    'pulseaudio',
    [
      ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--disable-shm=yes', '--use-pid-file=no'],
      ...['-L', 'module-null-sink sink_name=null'],
      ...['-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`],
    ],
    { stdio: 'ignore', env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder } },
  )
  const close = async () => {
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await soon('pulseaudio', child, appears(folder, 'native'))
  } catch (error) {
    await close()
    throw error
  }
  return { socket, close }
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {Promise<string>}
 */
function appears(folder, name) {
  return new Promise((resolve) => {
    const watcher = watch(folder, look)
    watcher.unref()
    function look() {
      if (!existsSync(join(folder, name))) return
      watcher.close()
      resolve(name)
    }
    look()
  })
}

/**
 * @template T
 * @param {string} name
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<T>} ready
 * @returns {Promise<T>}
 * @throws {SetupError} when the program ends or says nothing
 */
async function soon(name, child, ready) {
  const late = new AbortController()
  const refused = (/** @type {string} */ why) => {
    throw new SetupError(`${name} ${why}.`, { repair: `start ${name} by hand to see why` })
  }
  try {
    return await Promise.race([
      ready,
      ended(child).then((code) => refused(`ended with code ${code}`)),
      wait(START_MS, undefined, { signal: late.signal }).then(() => refused('does not start')),
    ])
  } finally {
    late.abort()
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = ended(child)
  child.kill('SIGTERM')
  await end
}
