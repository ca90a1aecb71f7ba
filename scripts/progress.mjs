/** Shows what set-up is doing: one line per step, alive on a terminal, repeated now and then in a log. */

const TICK_MS = 1_000
const LOG_EVERY_MS = 20_000
const NAME_WIDTH = 14

/**
 * Runs one step and reports it on one line.
 * @param {string} name
 * @param {(note: (text: string) => void) => Promise<string>} work says how far it is by `note`;
 *   its result ends the line
 */
export async function step(name, work) {
  const line = new StepLine(name)
  try {
    line.end('ok', await work((text) => line.note(text)))
  } catch (error) {
    line.end('--', 'failed')
    throw error
  }
}

/** @param {number} ms */
export function elapsed(ms) {
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
}

class StepLine {
  #began = Date.now()
  #logged = Date.now()
  #text = ''
  #name
  #timer

  /** @param {string} name */
  constructor(name) {
    this.#name = name.padEnd(NAME_WIDTH)
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#timer.unref()
  }

  /** @param {string} text */
  note(text) {
    this.#text = text
  }

  /**
   * @param {string} mark
   * @param {string} text
   */
  end(mark, text) {
    clearInterval(this.#timer)
    const erase = process.stdout.isTTY ? '\r\x1b[K' : ''
    process.stdout.write(`${erase}${mark} ${this.#name} ${text} (${this.#elapsed()})\n`)
  }

  #tick() {
    const line = `.. ${this.#name} ${this.#elapsed()} ${this.#text}`
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns || 80) - 1)}`)
    } else if (Date.now() - this.#logged >= LOG_EVERY_MS) {
      this.#logged = Date.now()
      process.stdout.write(`${line}\n`)
    }
  }

  #elapsed() {
    return elapsed(Date.now() - this.#began)
  }
}
