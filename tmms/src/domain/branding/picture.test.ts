import { describe, expect, it } from 'vitest'
import { pngOf } from '../../../test/png.ts'
import { pictureOf } from './picture.ts'

const bytes = (...parts: (string | readonly number[] | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
    ),
  )
const png = pngOf(256, 80)
const jpeg = bytes(
  [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2],
  [0xff, 0xc4, 0, 2],
  [0xff, 0xc2, 0, 11, 8, 0, 80, 1, 0],
  [0xff, 0xd9],
)
const webp = (chunk: string, ...rest: number[]) =>
  bytes('RIFF', [12 + rest.length, 0, 0, 0], 'WEBP', chunk, [0, 0, 0, 0], rest)

describe('a picture', () => {
  it.each([
    ['image/png', png],
    ['image/jpeg', jpeg],
    ['image/webp', webp('VP8 ', 0, 0, 0, 0x9d, 1, 0x2a, 0, 1, 80, 0)],
    ['image/webp', webp('VP8L', 0x2f, 0xff, 0xc0, 0x13, 0)],
    ['image/webp', webp('VP8X', 0x10, 0, 0, 0, 0xff, 0, 0, 79, 0, 0)],
  ])('of %s tells what it is and how large', (type, picture) => {
    expect(pictureOf(picture)).toEqual({ type, width: 256, height: 80 })
  })

  it.each([
    ['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['SVG behind a mark', bytes([0xef, 0xbb, 0xbf], '<?xml version="1.0"?><svg/>')],
    ['a page', bytes('<!doctype html><script>alert(1)</script>')],
    ['GIF', bytes('GIF89a', [0, 1, 0, 1])],
    ['PDF', bytes('%PDF-1.7')],
    ['a PNG that moves', bytes(png, 'acTL')],
    ['a WebP that moves', webp('VP8X', 0x02, 0, 0, 0, 0xff, 0, 0, 79, 0, 0)],
    ['a WebP of an unknown kind', webp('VP8?', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
    ['a JPEG without a frame', bytes([0xff, 0xd8, 0xff, 0xda, 0, 2])],
    ['JPEG whose marker points nowhere', bytes([0xff, 0xd8, 0, 0, 0, 0])],
    ['a PNG with a byte that was changed', bytes(png.subarray(0, -1), [0])],
    ['nothing', bytes()],
  ])('%s is none', (_, picture) => {
    expect(pictureOf(picture)).toBeNull()
  })

  it.each([png, jpeg, webp('VP8L', 0x2f, 0xff, 0xc0, 0x13, 0)])(
    'B %# that is cut anywhere is none, and no fault',
    (picture) => {
      for (let end = 0; end < picture.length; end += 1)
        expect(pictureOf(picture.subarray(0, end))).toBeNull()
    },
  )
})
