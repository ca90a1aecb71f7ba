import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'
import { drawQr } from './qr.ts'

const text = 'huisclos:1:'.padEnd(190, 'A')

/** The dark modules that the path covers. */
function modules(path: string): Set<string> {
  const dark = new Set<string>()
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let step = 0; step < Number(length); step++) dark.add(`${Number(x) + step} ${y}`)
  return dark
}

describe('a QR code', () => {
  it('covers exactly the dark modules', () => {
    const { size, path } = drawQr(text)
    const { data } = encode(text, { ecc: 'M', border: 4 })
    const dark = new Set<string>()
    data.forEach((row, y) => row.forEach((on, x) => on && dark.add(`${x} ${y}`)))
    expect(size).toBe(data.length)
    expect(modules(path)).toEqual(dark)
  })

  it('is surrounded by four light modules', () => {
    const { size, path } = drawQr(text)
    for (const module of modules(path)) {
      const [x = 0, y = 0] = module.split(' ').map(Number)
      expect(Math.min(x, y, size - 1 - x, size - 1 - y)).toBeGreaterThanOrEqual(4)
    }
  })

  it('is nothing but moves and lines, whatever the text', () => {
    expect(drawQr('"><script>alert(1)</script>').path).toMatch(/^[Mhvz0-9 -]+$/)
  })
})
