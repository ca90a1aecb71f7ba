import { expect, it } from 'vitest'
import { leaks } from './clear-media.ts'

it('sealed frames that were sent raise no alarm', () => {
  expect(leaks({ sent: 1000, sealed: 1000 }, undefined)).toBe(false)
  expect(leaks({ sent: 1050, sealed: 1000 }, { sent: 900, sealed: 880 })).toBe(false)
})

it('more frames sealed than sent is what a slow network does', () => {
  expect(leaks({ sent: 10, sealed: 4000 }, { sent: 10, sealed: 3000 })).toBe(false)
})

it('media that was never sealed raises the alarm', () => {
  expect(leaks({ sent: 61, sealed: 0 }, undefined)).toBe(true)
})

it('a transform that stops being used raises the alarm although much was sealed before', () => {
  expect(leaks({ sent: 5025, sealed: 5000 }, { sent: 5000, sealed: 5000 })).toBe(true)
  expect(leaks({ sent: 5024, sealed: 5000 }, { sent: 5000, sealed: 5000 })).toBe(false)
})
