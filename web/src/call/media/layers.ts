/** Which of the layers a sender offers is worth receiving for a tile of a given size. */

export interface Layers {
  readonly spatial: number
  readonly temporal: number
}

/** The highest tile, in device pixels, for which layers 0 and 1 (180 and 360 lines) still look sharp. */
const ENOUGH_LINES = [240, 480] as const

/**
 * @param lines height of the tile in device pixels
 * @param cap highest spatial layer this machine copes with
 */
export function layersFor(lines: number, cap: number): Layers {
  const fitting = ENOUGH_LINES.findIndex((enough) => lines <= enough)
  const spatial = Math.min(fitting === -1 ? ENOUGH_LINES.length : fitting, cap)
  // Thumbnails do not need 30 pictures per second.
  return { spatial, temporal: lines <= 120 ? 1 : 2 }
}
