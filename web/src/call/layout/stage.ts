/** Shares the stage between the others, who get nearly all of it, and one's own small picture beside or below them. */
import { gridLayout, type GridLayout } from './grid.ts'

export interface StageSpace {
  /** How many others there are. */
  readonly others: number
  readonly width: number
  readonly height: number
  readonly gap: number
}

export interface StageLayout {
  readonly others: GridLayout
  readonly own: { readonly width: number; readonly height: number }
  /** Where the own picture stands: whichever leaves the others more. */
  readonly side: 'beside' | 'below'
}

const ASPECT = 16 / 9
const OWN_SHARE = 0.16
const OWN_WIDTH = { least: 96, most: 208, alone: 640 } as const

export function stageLayout(space: StageSpace): StageLayout {
  if (space.others === 0) return aloneIn(space)
  const width = between(OWN_WIDTH.least, space.width * OWN_SHARE, OWN_WIDTH.most)
  const own = { width: Math.floor(width), height: Math.floor(width / ASPECT) }
  const { width: wide, height: high, gap, others: count } = space
  const beside = gridLayout({
    count,
    gap,
    height: high,
    width: Math.max(0, wide - own.width - gap),
  })
  const below = gridLayout({
    count,
    gap,
    width: wide,
    height: Math.max(0, high - own.height - gap),
  })
  const side = areaOf(beside) >= areaOf(below) ? 'beside' : 'below'
  const others = side === 'beside' ? beside : below
  return { others, own: atMost(own, others), side }
}

/** Nobody else is there: a look into the mirror, no wall. */
function aloneIn({ width, height, gap }: StageSpace): StageLayout {
  const most = Math.min(width, OWN_WIDTH.alone)
  const { tileWidth, tileHeight } = gridLayout({ count: 1, width: most, height, gap })
  const none = { columns: 0, tileWidth: 0, tileHeight: 0 }
  return { others: none, own: { width: tileWidth, height: tileHeight }, side: 'below' }
}

/** The own picture is never larger than that of somebody else. */
function atMost(own: StageLayout['own'], { tileWidth, tileHeight }: GridLayout) {
  return { width: Math.min(own.width, tileWidth), height: Math.min(own.height, tileHeight) }
}

function areaOf({ tileWidth, tileHeight }: GridLayout): number {
  return tileWidth * tileHeight
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
