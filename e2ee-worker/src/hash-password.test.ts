/** The password hash against a second Argon2id and a second HKDF, and against servers that ask for less. */
import { argon2Sync, hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authOf } from './hash-password.ts'

const salt = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
const params = { salt: salt.toString('base64url'), m: 47_104, t: 1, p: 1 }
const failure = (code: string) => expect.objectContaining({ code }) as Error

/** OpenSSL's Argon2id and HKDF, which share no code with ours. */
function reference(message: Buffer): string {
  const hash = argon2Sync('argon2id', {
    message,
    nonce: salt,
    memory: 47_104,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  })
  return Buffer.from(hkdfSync('sha256', hash, salt, 'auth v1', 32)).toString('base64url')
}

describe('password hash', () => {
  it('is HKDF over Argon2id over the NFKC form, as OpenSSL computes it', async () => {
    const auth = await authOf('correct horse battery staple', params)
    expect(auth).toBe(reference(Buffer.from('correct horse battery staple')))
    expect(auth).toHaveLength(43)
  })

  it('A6 spellings that look the same yield the same hash', async () => {
    const expected = reference(Buffer.from('café fi 1', 'utf8'))
    for (const spelling of ['café fi 1', 'cafe\u0301 fi 1', 'café \ufb01 \u2460']) {
      expect(await authOf(spelling, params)).toBe(expected)
    }
  })

  it('depends on the salt', async () => {
    const other = { ...params, salt: Buffer.alloc(16, 7).toString('base64url') }
    expect(await authOf('a long password', other)).not.toBe(await authOf('a long password', params))
  })

  it.each([
    ['memory', { m: 47_103 }],
    ['no passes', { t: 0 }],
    ['no lanes', { p: 0 }],
    ['a fraction of a pass', { t: 1.5 }],
    ['memory as text', { m: '47104' as unknown as number }],
    ['4 GiB of memory', { m: 4_194_304 }],
    ['endless passes', { t: 1e9 }],
    ['a short salt', { salt: 'AAAA' }],
    ['a salt with stray bits at its end', { salt: 'AAECAwQFBgcICQoLDA0ODx' }],
    ['a salt that is not base64url', { salt: '!!ECAwQFBgcICQoLDA0ODw' }],
  ])('A5 refuses %s', async (_, change) => {
    await expect(authOf('a long password', { ...params, ...change })).rejects.toEqual(
      failure('E_KDF'),
    )
  })

  it('takes 1024 bytes of UTF-8 and refuses 1025', async () => {
    expect(await authOf('é'.repeat(512), params)).toBe(reference(Buffer.from('é'.repeat(512))))
    await expect(authOf('é'.repeat(512) + 'a', params)).rejects.toEqual(failure('E_LEN'))
  })
})
