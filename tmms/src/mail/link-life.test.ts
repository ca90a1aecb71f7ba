import { expect, test } from 'vitest'
import { writeLife } from './link-life.ts'

test.each([
  [7 * 24 * 60, '7 days', '7 jours'],
  [24 * 60, '1 day', '1 jour'],
  [120, '2 hours', '2 heures'],
  [90, '90 minutes', '90 minutes'],
])('U1 a life of %s minutes is told in its largest unit', (minutes, en, fr) => {
  expect(writeLife('en', minutes * 60_000)).toBe(en)
  expect(writeLife('fr', minutes * 60_000).replace(/\s/gu, ' ')).toBe(fr)
})
