/** Which rows of a long list are rendered: those in sight, and some around them. */

const AROUND = 12

export interface Rendered {
  readonly from: number
  readonly to: number
}

/** @param top where the list begins, in pixels from the upper edge of the window; negative when scrolled past. */
export function rowsInSight(
  count: number,
  { top, rowHeight, windowHeight }: { top: number; rowHeight: number; windowHeight: number },
): Rendered {
  if (rowHeight <= 0) return { from: 0, to: Math.min(count, 2 * AROUND) }
  const first = Math.floor(-top / rowHeight)
  const from = Math.min(Math.max(0, first - AROUND), Math.max(0, count - AROUND))
  const seen = Math.ceil(windowHeight / rowHeight)
  return { from, to: Math.min(count, Math.max(first, 0) + seen + AROUND) }
}
