/** A callback that throws is reported, and nothing else happens. */
import { expect, test } from 'vitest'
import { guarded } from './guarded.ts'

test('O1 what a guarded callback throws reaches the report and nobody else', () => {
  const fault = new Error('broken')
  const reported: unknown[] = []
  const callback = guarded(
    () => {
      throw fault
    },
    (error) => reported.push(error),
  )
  expect(callback).not.toThrow()
  expect(reported).toEqual([fault])
})

test('a guarded callback that works is called once each time', () => {
  let calls = 0
  const callback = guarded(
    () => (calls += 1),
    () => (calls = -1),
  )
  callback()
  callback()
  expect(calls).toBe(2)
})
