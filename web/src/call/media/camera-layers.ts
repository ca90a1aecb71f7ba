/** Which simulcast layers a camera of this size is worth, and how far each is scaled down. */

/** As many as are negotiated, whatever the camera; those beyond a small picture send nothing. */
export const MOST_LAYERS = 3

/** Picture sizes in pixels from which Chromium encodes that many layers; it leaves out the highest of more. */
const WORTH_THREE = 960 * 540
const WORTH_TWO = 480 * 270

/**
 * The highest layer is always the whole picture: layers 0, 1 and 2 of 720 lines have 180, 360 and 720, those of 360
 * lines 180 and 360, and 180 lines are one layer.
 * @returns `scaleResolutionDownBy` of each layer that is sent, the lowest first; one to three numbers
 */
export function scalesFor({
  width = 0,
  height = 0,
}: Pick<MediaTrackSettings, 'width' | 'height'>): readonly number[] {
  const pixels = width * height
  // A browser that does not tell the size sends as many as it can.
  if (pixels === 0 || pixels >= WORTH_THREE) return [4, 2, 1]
  return pixels >= WORTH_TWO ? [2, 1] : [1]
}
