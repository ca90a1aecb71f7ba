/** What the TCS signs about itself, taken apart byte by byte as docs/protocol.md draws it. */
import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, test } from 'vitest'
import { Identity, openIdentity } from './identity.ts'
import type { PeerId } from '../protocol.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const identity = await Identity.of(privateKey)
const asked = { clientChallenge: randomBytes(32), tokenHash: randomBytes(32) }

const signedBy = (key: typeof publicKey, hex: string, signature: Uint8Array): boolean =>
  verify('sha256', Buffer.from(hex, 'hex'), { key, dsaEncoding: 'ieee-p1363' }, signature)
const text = (value: string) => Buffer.from(value).toString('hex')
const context = Buffer.concat([asked.clientChallenge, asked.tokenHash]).toString('hex')

describe('M6 the identity', () => {
  test('is signed over challenge, token, member and origin', () => {
    const peerId = '00112233445566778899aabbccddeeff' as PeerId
    const { kid, signature } = identity.proveTo(asked, peerId, 'https://meet.example.org')
    expect(kid).toBe(identity.kid)
    expect(signature).toHaveLength(64)
    const label = text('E2EE1 tcs identity') + '00'
    const origin = `0018${text('https://meet.example.org')}`
    expect(signedBy(publicKey, label + context + peerId + origin, signature)).toBe(true)
  })

  test('vouches for a transport by its direction, id and every DTLS fingerprint in order', () => {
    const dtlsParameters = {
      role: 'auto',
      fingerprints: [
        { algorithm: 'sha-256', value: 'AA:BB' },
        { algorithm: 'sha-512', value: 'CC' },
      ],
    }
    const transport = { transportId: 't-1', iceParameters: {}, iceCandidates: [], dtlsParameters }
    const label = text('E2EE1 tcs transport') + '00'
    const fingerprints = `02 0007 ${text('sha-256')} 0005 ${text('AA:BB')} 0007 ${text('sha-512')} 0002 ${text('CC')}`
    for (const [direction, octet] of [
      ['send', '00'],
      ['recv', '01'],
    ] as const) {
      const signature = identity.signTransport(asked, direction, transport)
      const rest = `${octet} 0003 ${text('t-1')} ${fingerprints}`.replaceAll(' ', '')
      expect(signedBy(publicKey, label + context + rest, signature)).toBe(true)
    }
  })

  test('is a public P-256 key named by its thumbprint, and nothing private', async () => {
    const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' })
    expect(identity.jwk).toEqual({ kty, crv, x, y, kid: identity.kid, alg: 'ES256', use: 'sig' })
    expect(identity.kid).toBe(await calculateJwkThumbprint(identity.jwk, 'sha256'))
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
    await expect(Identity.of(other)).rejects.toMatchObject({ code: 'internal' })
  })
})

test('the key is made once, for its owner to read alone', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'tcs-')), 'keys')
  const first = await openIdentity(folder, false)
  expect((await openIdentity(folder, true)).kid).toBe(first.kid)
  expect(readdirSync(folder)).toEqual(['tcs-identity.pem'])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'tcs-identity.pem')).mode & 0o777).toBe(0o600)
  rmSync(join(folder, '..'), { recursive: true })
})

describe('O2 the identity key of a server that was started before', () => {
  const opened = async (spoil: (path: string, folder: string) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'identity-'))
    try {
      await openIdentity(folder, false)
      spoil(join(folder, 'tcs-identity.pem'), folder)
      await openIdentity(folder, true)
      return readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test.each<[string, (path: string) => void]>([
    ['missing', (path) => rmSync(path)],
    ['empty', (path) => writeFileSync(path, '')],
    ['cut in half', (path) => writeFileSync(path, readFileSync(path).subarray(0, 100))],
    ['garbled', (path) => writeFileSync(path, 'hello')],
  ])('is not made anew when it is %s, and the sentence says what to do', async (_, spoil) => {
    await expect(opened(spoil)).rejects.toMatchObject({
      name: 'TcsError',
      message: expect.stringMatching(/^\S+tcs-identity\.pem .+: restore it .+\.$/) as string,
    })
  })

  test('that others can read is taken from them', async () => {
    expect(await opened((path) => chmodSync(path, 0o644))).toContain(0o600)
  })
})
