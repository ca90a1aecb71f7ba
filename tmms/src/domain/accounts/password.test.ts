import { createHmac, randomBytes, scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AccountId } from '../../contract/ids.ts'
import { Passwords } from './password.ts'

const secrets = { pepper: randomBytes(32), fakeSaltKey: randomBytes(32) }
const passwords = new Passwords(secrets)
const id = 'ada' as AccountId
const auth = randomBytes(32)

describe('the password scheme', () => {
  it('stores scrypt(HMAC-SHA-256(pepper, auth), s2, N=2^14, r=8, p=1) and nothing else of auth', async () => {
    const params = passwords.freshParams()
    const credential = { ...params, auth: auth.toString('base64url') }
    const stored = await passwords.seal(id, credential, params)
    const x = createHmac('sha256', secrets.pepper).update(auth).digest()
    const s2 = Buffer.from(stored.s2, 'base64url')
    expect(s2).toHaveLength(16)
    const expected = scryptSync(x, s2, 32, { N: 2 ** 14, r: 8, p: 1, maxmem: 2 ** 25 })
    expect(stored.stored).toBe(expected.toString('base64url'))
    expect(JSON.stringify(stored)).not.toContain(credential.auth)
    expect(await passwords.verify(credential.auth, stored)).toBe(true)
    expect(await passwords.verify(randomBytes(32).toString('base64url'), stored)).toBe(false)
  })

  it('A8 with another pepper, nothing stored matches', async () => {
    const params = passwords.freshParams()
    const credential = { ...params, auth: auth.toString('base64url') }
    const stored = await passwords.seal(id, credential, params)
    const other = new Passwords({ ...secrets, pepper: randomBytes(32) })
    expect(await other.verify(credential.auth, stored)).toBe(false)
  })

  it('A1 the salt of an unknown address is HMAC-SHA-256(K_fake, address), 16 bytes', () => {
    const mac = createHmac('sha256', secrets.fakeSaltKey).update('eve@example.org').digest()
    expect(passwords.paramsOf('eve@example.org', undefined).salt).toBe(
      mac.subarray(0, 16).toString('base64url'),
    )
  })

  it('another spelling of the same 32 bytes is another credential', async () => {
    const params = passwords.freshParams()
    const zeros = Buffer.alloc(32).toString('base64url')
    const stored = await passwords.seal(id, { ...params, auth: zeros }, params)
    expect(await passwords.verify(zeros, stored)).toBe(true)
    expect(await passwords.verify(`${zeros.slice(0, 42)}B`, stored)).toBe(false)
  })
})
