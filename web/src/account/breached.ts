/** Whether a password is one of those that were stolen most often. Loaded when one is chosen: the list is large. */
import { placesOf, spelling } from './breached-places.ts'
import filter from './breached.json' with { type: 'json' }

const { hashes, passwords } = filter
const bytes = Uint8Array.from(atob(filter.bits), (character) => character.charCodeAt(0))

/** How many the list holds. */
export const BREACHED_COUNT = passwords

/** Also with digits and signs before or behind it. One in 7,500 other passwords is taken for one of the list. */
export function isBreached(password: string): boolean {
  const whole = spelling(password)
  const core = whole.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return holds(whole) || (core !== whole && holds(core))
}

function holds(password: string): boolean {
  const bits = bytes.length * 8
  return placesOf(password, { bits, hashes }).every(
    (place) => ((bytes[place >> 3] ?? 0) & (1 << (place & 7))) !== 0,
  )
}
