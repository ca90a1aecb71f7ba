/** What several people may edit: whoever saves names the version that the edit is based on. */
import { allFailures } from './going-on.ts'

export class Edited {
  #version: number

  constructor(version: number) {
    this.#version = version
  }

  /** It was read anew. */
  take(version: number): void {
    this.#version = version
  }

  /** Something else of the same was saved here: an edit that was based on `before` is now based on `now`. */
  follow(before: number, now: number): void {
    if (this.#version === before) this.#version = now
  }

  /**
   * Refused because somebody saved meanwhile, the next save is based on what they made of it: the person is told,
   * compares, and saves again.
   * @returns what `send` gives, and on which version it was based
   * @throws {ApiFailure} as `send`; nothing is written then
   */
  async save<T extends { readonly version: number }>(
    send: (version: number) => Promise<T>,
  ): Promise<T & { readonly before: number }> {
    const before = this.#version
    try {
      const saved = await send(before)
      this.#version = saved.version
      return { ...saved, before }
    } catch (error) {
      const changed = allFailures(error).find((one) => one.changed !== null)?.changed
      if (changed != null) this.#version = changed.version
      throw error
    }
  }
}
