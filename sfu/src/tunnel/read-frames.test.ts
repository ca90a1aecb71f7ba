/** RFC 4571 frames as they come from the worker. */
import { expect, test } from 'vitest'
import { frames } from '../../test/fake-worker.ts'
import { readFrames } from './read-frames.ts'

test('frames are read up to the first that is not whole, null frames are skipped', () => {
  const bytes = Buffer.concat([
    frames([Buffer.from('a'), Buffer.alloc(0), Buffer.from('bcd')]),
    Buffer.from([0, 5, 1]),
  ])
  const seen: string[] = []
  expect(readFrames(bytes, (one) => seen.push(one.toString()))).toBe(bytes.length - 3)
  expect(seen).toEqual(['a', 'bcd'])
})
