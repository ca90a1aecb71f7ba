/** The one error of the set-up scripts: what is wrong, and the command that repairs it. */

export class SetupError extends Error {
  /**
   * @param {string} message what is missing or went wrong, as a sentence
   * @param {{ repair?: string, detail?: string, exitCode?: number }} [more] `repair` is a command to type,
   *   `detail` the last lines of a failed program
   */
  constructor(message, more = {}) {
    super(message)
    this.name = 'SetupError'
    this.repair = more.repair
    this.detail = more.detail
    this.exitCode = more.exitCode ?? 1
  }

  /** What a person reads on the terminal. */
  get text() {
    const parts = [this.message]
    if (this.detail) parts.unshift(this.detail.trimEnd())
    if (this.repair) parts.push(`To repair it: ${this.repair}`)
    return parts.join('\n')
  }
}
