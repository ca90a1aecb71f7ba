/** Q9 nobody gets more allocations by picking names. */
import { expect, test } from 'vitest'
import { RelaySecret, ownerOf } from './credentials.ts'
import { defaultLimits } from './limits.ts'
import { Quotas } from './quotas.ts'

const secret = new RelaySecret()
const owner = (sub: string, member: string): string =>
  ownerOf(secret.mint({ sub, mid: 'meeting', member }, 1_800_000_000_000).username)
const take = (quotas: Quotas, who: () => string, times: number, network = 'home'): number =>
  Array.from({ length: times }, () => quotas.take(who(), network)).filter(Boolean).length

test('Q9 an account that comes as ever new members holds what one account may hold', () => {
  const quotas = new Quotas({ member: 4, account: 10, network: 1_000 })
  let members = 0
  expect(take(quotas, () => owner('anna', `member-${(members += 1)}`), 50)).toBe(10)
  expect(take(quotas, () => owner('ben', 'ben'), 50)).toBe(4)
})

test('Q9 a network holds what one network may hold, whoever asks', () => {
  const quotas = new Quotas({ member: 4, account: 10, network: 20 })
  let accounts = 0
  expect(take(quotas, () => owner(`account-${(accounts += 1)}`, 'm'), 50)).toBe(20)
  expect(take(quotas, () => owner('ben', 'ben'), 1, 'elsewhere')).toBe(1)
  quotas.give(owner('account-1', 'm'), 'home')
  expect(take(quotas, () => owner('carl', 'carl'), 5)).toBe(1)
})

test('an office of 300 people with 16 allocations each fits behind one address', () => {
  const quotas = new Quotas(defaultLimits.quotas)
  const taken = Array.from({ length: 300 }, (_, i) => take(quotas, () => owner(`a${i}`, 'm'), 16))
  expect(new Set(taken)).toEqual(new Set([16]))
})
