/** Credentials of the relay: whose, for how long, and never widened by renewal. */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { RelaySecret, ownerName, ownerOf } from './credentials.ts'

const NOW = 1_800_000_000_000

test('a credential is base64(HMAC-SHA-256(secret, username))', () => {
  const key = Buffer.alloc(32, 9)
  const secret = new RelaySecret(key)
  const { username, credential, expiresAtMs } = secret.mint('anna', 'session', NOW)
  expect(username).toMatch(/^1800000600:[\w-]{22}:anna$/)
  expect(credential).toBe(createHmac('sha256', key).update(username).digest('base64'))
  expect(expiresAtMs).toBe(NOW + 600_000)
  expect(secret.passwordOf(username, NOW)).toBe(credential)
})

test('a credential ends with its expiry', () => {
  const secret = new RelaySecret()
  const { username, expiresAtMs } = secret.mint('anna', 'session', NOW)
  expect(secret.passwordOf(username, expiresAtMs - 1)).not.toBeNull()
  expect(secret.passwordOf(username, expiresAtMs)).toBeNull()
})

test('whoever writes a username of their own does not learn its password', () => {
  const [ours, theirs] = [new RelaySecret(), new RelaySecret()]
  const { username } = theirs.mint('anna', 'session', NOW)
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
  '1800000600:a: b',
])('the username "%s" is not ours', (username) =>
  expect(new RelaySecret().passwordOf(username, NOW)).toBeNull(),
)

test('a member and a session with strange names still give a plain username', () => {
  const secret = new RelaySecret()
  const { username, credential } = secret.mint('ä b:c\n', 'séance 1', NOW)
  expect(username).toMatch(/^[\w:-]+$/)
  expect(secret.passwordOf(username, NOW)).toBe(credential)
})

test('renewed credentials have the same owner, other sessions another', () => {
  const secret = new RelaySecret()
  const owner = ownerOf(secret.mint('anna', 'one', NOW).username)
  expect(ownerOf(secret.mint('anna', 'one', NOW + 60_000).username)).toBe(owner)
  expect(ownerName('anna', 'one')).toBe(owner)
  expect(ownerOf(secret.mint('anna', 'two', NOW).username)).not.toBe(owner)
})

test('a revoked member gets no further allocation in that session', () => {
  const secret = new RelaySecret()
  const anna = secret.mint('anna', 'one', NOW).username
  const elsewhere = secret.mint('anna', 'two', NOW).username
  const ben = secret.mint('ben', 'one', NOW).username
  secret.revoke('anna', 'one', NOW)
  secret.revoke('carl', 'one', NOW + 599_000)
  expect(secret.passwordOf(anna, NOW)).toBeNull()
  expect(secret.passwordOf(elsewhere, NOW)).not.toBeNull()
  expect(secret.passwordOf(ben, NOW)).not.toBeNull()
})
