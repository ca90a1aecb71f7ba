import { expect, it } from 'vitest'
import { PictureWatch } from './picture-watch.ts'

it('a picture that stops is named within three seconds, with a look every half second', () => {
  const watch = new PictureWatch(0)
  watch.picture(900)
  const looks = [500, 1_000, 1_500, 2_000, 2_500, 3_000].map((at) => watch.look(at, true))
  expect(looks).toEqual([false, false, false, false, false, true])
})

it('a slow picture has not stopped, and one that goes on has not either', () => {
  const watch = new PictureWatch(0)
  for (let at = 0; at < 20_000; at += 1_500) {
    watch.picture(at)
    expect(watch.look(at + 1_499, true)).toBe(false)
  }
  expect(watch.look(60_000, true)).toBe(true)
  watch.picture(60_100)
  expect(watch.look(60_200, true)).toBe(false)
})

it('what nobody looks at has not stopped, and then has a moment to begin again', () => {
  const watch = new PictureWatch(0)
  expect(watch.look(10_000, false)).toBe(false)
  expect(watch.look(11_900, true)).toBe(false)
  expect(watch.look(12_100, true)).toBe(true)
})
