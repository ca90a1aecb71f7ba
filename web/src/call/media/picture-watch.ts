/** Notices that a picture has stopped although its owner has not paused it. */

/** With the interval of the looks, less than three seconds until it is named. */
const STOPPED_AFTER_MS = 2_000

export class PictureWatch {
  #lastMs: number

  constructor(nowMs: number) {
    this.#lastMs = nowMs
  }

  /** A new picture was shown. */
  picture(nowMs: number): void {
    this.#lastMs = nowMs
  }

  /**
   * @param expected - whether pictures should come: the tile and the page are visible
   * @returns true while the picture has stopped
   */
  look(nowMs: number, expected: boolean): boolean {
    // After a tile was out of sight, its stream needs a moment to run again.
    if (!expected) this.#lastMs = nowMs
    return nowMs - this.#lastMs > STOPPED_AFTER_MS
  }
}
