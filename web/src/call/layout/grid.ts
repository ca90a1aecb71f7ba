/** Lays tiles of equal size out so that they are as large as possible without scrolling. */

export interface GridSpace {
  readonly count: number
  readonly width: number
  readonly height: number
  readonly gap: number
}

export interface GridLayout {
  readonly columns: number
  readonly tileWidth: number
  readonly tileHeight: number
}

/** Between portrait phones and wide cameras: pictures are cropped to the tile, never distorted. */
const ASPECT = 16 / 9
const NARROWEST_ASPECT = 4 / 3
const SMALLEST_WIDTH = 132

export function gridLayout(space: GridSpace): GridLayout {
  const count = Math.max(1, space.count)
  let best: GridLayout = { columns: 1, tileWidth: 0, tileHeight: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const layout = layoutWith(columns, count, space)
    if (columns > 1 && layout.tileWidth < SMALLEST_WIDTH) continue
    if (layout.tileWidth * layout.tileHeight > best.tileWidth * best.tileHeight) best = layout
  }
  return best
}

function layoutWith(columns: number, count: number, space: GridSpace): GridLayout {
  const rows = Math.ceil(count / columns)
  const cellWidth = Math.max(0, (space.width - space.gap * (columns - 1)) / columns)
  const cellHeight = Math.max(0, (space.height - space.gap * (rows - 1)) / rows)
  // A tall cell (two people on a phone) is filled down to 4:3; a flat one is filled in height.
  const tileHeight = Math.min(cellHeight, cellWidth / NARROWEST_ASPECT)
  const tileWidth = Math.min(cellWidth, tileHeight * ASPECT)
  return { columns, tileWidth: Math.floor(tileWidth), tileHeight: Math.floor(tileHeight) }
}
