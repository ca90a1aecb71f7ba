/** Credentials of the relay: whose, for how long, and never widened by renewal. */
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { RelaySecret, accountOf, ownerOf, type RelayOwner } from './credentials.ts'

const NOW = 1_800_000_000_000

const anna: RelayOwner = { sub: 'account-a', mid: 'one', member: 'anna' }

test('a credential is base64(HMAC-SHA-256(secret, username))', () => {
  const key = Buffer.alloc(32, 9)
  const secret = new RelaySecret(key)
  const { username, credential, expiresAtMs } = secret.mint(anna, NOW)
  expect(username).toMatch(/^1800000600:[\w-]{22}:[\w-]{22}:anna$/)
  expect(credential).toBe(createHmac('sha256', key).update(username).digest('base64'))
  expect(expiresAtMs).toBe(NOW + 600_000)
  expect(secret.passwordOf(username, NOW)).toBe(credential)
})

test('a credential ends with its expiry', () => {
  const secret = new RelaySecret()
  const { username, expiresAtMs } = secret.mint(anna, NOW)
  expect(secret.passwordOf(username, expiresAtMs - 1)).not.toBeNull()
  expect(secret.passwordOf(username, expiresAtMs)).toBeNull()
})

test('whoever writes a username of their own does not learn its password', () => {
  const [ours, theirs] = [new RelaySecret(), new RelaySecret()]
  const { username } = theirs.mint(anna, NOW)
  expect(ours.passwordOf(username, NOW)).not.toBe(theirs.passwordOf(username, NOW))
})

test.each([
  '',
  ':',
  'anna',
  '1800000600:anna',
  '9:a:b',
  '-1:a:b',
  'x:a:b',
  '1800000600:a:b:c',
  `1800000600:${'a'.repeat(22)}:${'b'.repeat(22)}:c:d`,
  `1800000600:${'a'.repeat(22)}:${'b'.repeat(22)}: c`,
])('the username "%s" is not ours', (username) =>
  expect(new RelaySecret().passwordOf(username, NOW)).toBeNull(),
)

test('a member and a meeting with strange names still give a plain username', () => {
  const secret = new RelaySecret()
  const { username, credential } = secret.mint(
    { sub: 'é:', mid: 'séance 1', member: 'ä b:c\n' },
    NOW,
  )
  expect(username).toMatch(/^[\w:-]+$/)
  expect(secret.passwordOf(username, NOW)).toBe(credential)
})

test('renewed credentials have the same owner, and every member of an account the same account', () => {
  const secret = new RelaySecret()
  const owner = (whose: RelayOwner, nowMs = NOW): string =>
    ownerOf(secret.mint(whose, nowMs).username)
  expect(owner(anna, NOW + 60_000)).toBe(owner(anna))
  expect(owner({ ...anna, mid: 'two' })).not.toBe(owner(anna))
  const phone = owner({ ...anna, member: 'phone' })
  expect(phone).not.toBe(owner(anna))
  expect(accountOf(phone)).toBe(accountOf(owner(anna)))
  expect(accountOf(owner({ ...anna, sub: 'account-b' }))).not.toBe(accountOf(phone))
})

describe('E1 revoked credentials', () => {
  const elsewhere = { ...anna, mid: 'two' }
  const ben = { ...anna, sub: 'account-b', member: 'ben' }

  test.each([
    ['of an account in a meeting', { sub: 'account-a', mid: 'one' }, [anna]],
    ['of an account', { sub: 'account-a' }, [anna, elsewhere]],
    ['of a meeting', { mid: 'one' }, [anna, ben]],
    ['of nobody', {}, []],
  ])('%s make no further allocation', (_name, scope, ended) => {
    const secret = new RelaySecret()
    const all = [anna, elsewhere, ben]
    const minted = all.map((owner) => secret.mint(owner, NOW).username)
    secret.revoke({ ...scope, atMs: NOW })
    secret.revoke({ sub: 'carl', atMs: NOW + 599_000 })
    const refused = all.filter((_owner, at) => secret.passwordOf(minted[at]!, NOW) === null)
    expect(refused).toEqual(ended)
    expect(all.filter((_owner, at) => secret.isRevoked(minted[at]!))).toEqual(ended)
  })

  test.each([0, 1000, -3_600_000])('are replaced by those minted %s ms later', (laterMs) => {
    const secret = new RelaySecret()
    const before = secret.mint(anna, NOW).username
    secret.revoke({ sub: 'account-a', atMs: NOW })
    const after = secret.mint(anna, NOW + laterMs).username
    expect(secret.passwordOf(before, NOW)).toBeNull()
    expect(secret.passwordOf(after, NOW)).not.toBeNull()
  })

  test('O7 are all that were minted, although the clock was set back since', () => {
    const secret = new RelaySecret()
    const before = secret.mint(anna, NOW).username
    secret.revoke({ sub: 'account-a', atMs: NOW - 3_600_000 })
    expect(secret.passwordOf(before, NOW)).toBeNull()
    expect(secret.passwordOf(secret.mint(anna, NOW).username, NOW)).not.toBeNull()
  })
})
