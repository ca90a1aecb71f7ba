import { expect, it } from 'vitest'
import { endsReconnecting, isFinal } from './retry.ts'
import { distrustOf } from './trust.ts'

it.each([
  ['E_TCS', 'tcs'],
  ['E_PIN', 'pin'],
  ['E_KEY_SET_OLD', 'old'],
  ['E_TOKEN_SIG', 'token'],
  ['E_TOKEN_AUD', 'token'],
] as const)('%s says who the server is not, and no further try can mend it', (code, distrust) => {
  expect(distrustOf(code)).toBe(distrust)
  expect(isFinal(code)).toBe(true)
  expect(endsReconnecting(code)).toBe(true)
})

it.each([null, 'E_PSK', 'refused', 'disconnected', 'constructor'])('%s does not', (code) => {
  expect(distrustOf(code)).toBeNull()
})
