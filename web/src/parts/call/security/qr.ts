/** A QR code as one SVG path, so that no markup is ever made from text. */
import { encode } from 'uqr'

/** Light modules around the code, without which readers miss it (ISO/IEC 18004, 5.3.8). */
const QUIET = 4

export interface QrDrawing {
  /** Side of the square, in modules. */
  readonly size: number
  /** The dark modules, a run of them as one rectangle. */
  readonly path: string
}

export function drawQr(text: string): QrDrawing {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET })
  return { size, path: data.map((row, y) => drawRow(row, y)).join('') }
}

function drawRow(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true) continue
    const from = x
    while (row[x + 1] === true) x++
    const length = x + 1 - from
    path += `M${from} ${y}h${length}v1h-${length}z`
  }
  return path
}
