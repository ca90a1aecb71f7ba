/**
 * Browsers and servers that a test run has left behind: they have sessions of their own, so that a run that was killed
 * takes none of them along. Each carries the process id of its run in its environment (man 5 proc).
 */
import { readdirSync, readFileSync } from 'node:fs'

const MARK = 'TEST_RUN'

/** What every process of this run has in its environment. */
export const RUN = { [MARK]: String(process.pid) }

/** Ends what this run, and runs that are over, have left. */
export function endLeftovers() {
  for (const pid of processes()) {
    const run = runOf(pid)
    if (run === undefined || pid === process.pid) continue
    if (run === process.pid || !isRunning(run)) kill(pid)
  }
}

function processes() {
  const names = readdirSync('/proc')
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

/**
 * @param {number} pid
 * @returns {number | undefined} the process id of the run that has started it, or one of its ancestors
 */
function runOf(pid) {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    const mark = variables.find((variable) => variable.startsWith(`${MARK}=`))
    return Number(mark?.slice(MARK.length + 1)) || undefined
  } catch {
    // It ended meanwhile, or is somebody else's.
    return undefined
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}
