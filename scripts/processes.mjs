/** Starts other programs so that none of them outlives us, whatever ends us first. */
import { spawn, spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { SetupError } from './setup-error.mjs'

/** @typedef {(signal: NodeJS.Signals) => void} End */

const GRACE_MS = 8_000
const TAIL_LINES = 40

/** What runs now, and how it is told to end. @type {Map<import('node:child_process').ChildProcess, End>} */
const living = new Map()
/** @type {NodeJS.Signals | undefined} */
let interrupted

/**
 * From now on SIGINT and SIGTERM are passed to the program that runs; its end is then the end of ours, through
 * every `finally`. Each child has a session of its own, so that a Ctrl-C reaches it once, from us, and not a
 * second time from the terminal.
 */
export function passSignalsOn() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => interrupt(signal))
  }
  process.on('SIGHUP', () => {
    if (isAtTerminal()) interrupt('SIGTERM')
  })
}

/** At a terminal, SIGHUP says that it closes. Elsewhere it asks a server to read its files again. */
export function isAtTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY
}

/** @param {NodeJS.Signals} signal */
function interrupt(signal) {
  // npm passes on what the terminal has already told us, so the second one means nothing.
  if (interrupted) return
  interrupted = signal
  for (const child of living.keys()) tellToEnd(child, signal)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function tellToEnd(child, signal) {
  living.get(child)?.(signal)
  setTimeout(() => {
    if (living.has(child)) signalGroup(child, 'SIGKILL')
  }, GRACE_MS).unref()
}

/**
 * Starts a program. When we are told to end, it and all that it has started get SIGINT, as after a Ctrl-C:
 * the shell that npm puts between itself and a program passes nothing on.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {(child: import('node:child_process').ChildProcess) => End} [howToEnd] when it wants to be told otherwise
 */
export function start(
  command,
  args,
  options,
  howToEnd = (child) => () => signalGroup(child, 'SIGINT'),
) {
  if (interrupted) throw interruption(interrupted)
  const child = spawn(command, args, { ...options, detached: true })
  living.set(child, howToEnd(child))
  child.on('error', () => living.delete(child))
  child.on('exit', () => {
    living.delete(child)
    signalGroup(child, 'SIGKILL')
  })
  return child
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} the exit code, 128 + number after a signal
 * @throws {SetupError} when the program could not be started
 */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new SetupError(`${child.spawnfile} cannot be started: ${error.message}.`)),
    )
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']),
    )
  })
}

/**
 * As `ended`; a program that takes longer is told to end, as after a Ctrl-C.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} ms
 */
export async function endsWithin(child, ms) {
  let late = false
  const timer = setTimeout(() => {
    late = true
    process.stderr.write(`\n${child.spawnargs.join(' ')} does not end, so it is stopped.\n`)
    tellToEnd(child, 'SIGINT')
  }, ms)
  try {
    const code = await ended(child)
    return late ? code || 1 : code
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} [options]
 * @returns {Promise<string>} its last lines
 * @throws {SetupError} when it cannot be started or fails
 */
export async function run(command, args, options = {}) {
  const { cwd, env, onLine } = options
  const child = start(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  /** @type {string[]} */
  const tail = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (coloured) => {
      const line = stripVTControlCharacters(coloured)
      tail.push(line)
      if (tail.length > TAIL_LINES) tail.shift()
      onLine?.(line)
    })
  }
  const code = await ended(child)
  if (interrupted) throw interruption(interrupted)
  const detail = tail.join('\n')
  if (code === 0) return detail
  throw new SetupError(`${command} ${args.slice(0, 3).join(' ')} ended with code ${code}.`, {
    detail,
  })
}

/** @param {string} command */
export function isInstalled(command) {
  return spawnSync('sh', ['-c', `command -v "$0"`, command]).status === 0
}

/**
 * Runs a script's main function and turns its end into an exit code.
 * @param {() => Promise<number>} main
 */
export async function exitWith(main) {
  passSignalsOn()
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`\n${error.text}\n`)
    process.exitCode = error.exitCode
  }
}

/** @param {NodeJS.Signals} signal */
function interruption(signal) {
  return new SetupError('Stopped.', { exitCode: 128 + constants.signals[signal] })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // The group is gone, as it should be.
  }
}
