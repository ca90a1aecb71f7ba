import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  jwtVerify,
  type JWK,
} from 'jose'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { loadIdentity, proveDevice, signTcsChallenge, verifyFrom } from './identity.ts'
import { openStore } from './open-store.ts'
import { memoryStore } from './store.ts'
import { join, sha256, text } from '../wire.ts'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})

describe('the device key', () => {
  it('is made once and found again, with its pin beside it', async () => {
    const store = await openStore()
    const first = await loadIdentity(store)
    await store.keepPin('https://a.example', { thumbprint: 't', source: 'link', since: 1 })
    const again = await openStore()
    expect((await loadIdentity(again)).jkt).toBe(first.jkt)
    expect(await again.pin('https://a.example')).toMatchObject({ thumbprint: 't' })
  })

  it('is the same for two tabs that make it at once', async () => {
    const [a, b] = await Promise.all([openStore(), openStore()])
    const [one, two] = await Promise.all([loadIdentity(a), loadIdentity(b)])
    expect(one.jkt).toBe(two.jkt)
  })

  it('B8 lives in memory where there is no database', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const store = await openStore()
    const { jkt } = await loadIdentity(store)
    expect((await loadIdentity(store)).jkt).toBe(jkt)
  })

  it('B4 can not be exported', async () => {
    const { privateKey } = await loadIdentity(memoryStore())
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow()
  })
})

describe('the DPoP proof', () => {
  it('I8 holds the nonce of the server, for whoever has a wrong clock (RFC 9449 section 8)', async () => {
    const identity = await loadIdentity(memoryStore())
    const request = { method: 'POST', url: 'https://tmms.example/x', nonce: 'n-1' }
    expect(decodeJwt(await proveDevice(identity, request))).toMatchObject({ nonce: 'n-1' })
  })

  it('names method, address without query, time and the device key (RFC 9449 section 4.2)', async () => {
    const identity = await loadIdentity(memoryStore())
    const proof = await proveDevice(identity, {
      method: 'post',
      url: 'https://tmms.example/api/meetings/m_1/join?x=1#secret',
    })
    const { typ, alg, jwk } = decodeProtectedHeader(proof)
    expect({ typ, alg }).toEqual({ typ: 'dpop+jwt', alg: 'ES256' })
    expect(Object.keys(jwk as JWK).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(await calculateJwkThumbprint(jwk as JWK)).toBe(identity.jkt)
    const { payload } = await jwtVerify(proof, await importJWK(jwk as JWK, 'ES256'))
    expect(payload).toMatchObject({
      htm: 'POST',
      htu: 'https://tmms.example/api/meetings/m_1/join',
    })
    expect(payload).not.toHaveProperty('nonce')
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/)
    expect(Math.abs(payload.iat! * 1000 - Date.now())).toBeLessThan(60_000)
  })
})

it('T4 the proof to the TCS covers challenge, token and origin', async () => {
  const identity = await loadIdentity(memoryStore())
  const challenge = crypto.getRandomValues(new Uint8Array(32))
  const proof = { challenge, token: 'a.b.c', tcsOrigin: 'https://tcs.example:8443' }
  const signature = await signTcsChallenge(identity, proof)
  const signed = join(
    text('E2EE1 tcs auth\0'),
    challenge,
    await sha256(text(proof.token)),
    text(proof.tcsOrigin),
  )
  expect(await verifyFrom(identity.ikPub, signature, signed)).toBe(true)
})
