import { base64url } from 'jose'
import { expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import { decodeJws, hasHeader } from './jws.ts'

const part = (json: string): string => base64url.encode(json)
const GOOD = { header: part('{"alg":"ES256"}'), payload: part('{"a":1}'), signature: part('s') }

function read(jws: string, maxChars = 1000): unknown {
  try {
    return decodeJws(jws, maxChars)
  } catch (error) {
    return codeOf(error)
  }
}

function of(change: Partial<typeof GOOD>): unknown {
  const { header, payload, signature } = { ...GOOD, ...change }
  return read(`${header}.${payload}.${signature}`)
}

it('T1 a JWS has three parts, all of them, and is no longer than it may be', () => {
  const good = `${GOOD.header}.${GOOD.payload}.${GOOD.signature}`
  expect(read(good, good.length)).toEqual({ header: { alg: 'ES256' }, payload: { a: 1 } })
  expect(read(good, good.length - 1)).toBe('E_TOKEN_FORMAT')
  for (const bad of [`${good}.`, `${good}.${GOOD.payload}`, '', '..', 'a.b']) {
    expect(read(bad)).toBe('E_TOKEN_FORMAT')
  }
  for (const name of ['header', 'payload', 'signature']) {
    expect(of({ [name]: '' })).toBe('E_TOKEN_FORMAT')
  }
})

it('T1 header and payload are objects, in one spelling', () => {
  const others = ['null', '[]', '"text"', '7', 'true', '{"a":1,"a":2}', '{ "a":1}', '{"a":1']
  for (const json of others) {
    expect(of({ header: part(json) }), json).toBe('E_TOKEN_FORMAT')
    expect(of({ payload: part(json) }), json).toBe('E_TOKEN_FORMAT')
  }
  for (const name of ['header', 'payload', 'signature'] as const) {
    expect(of({ [name]: `${GOOD[name]}=` })).toBe('E_TOKEN_FORMAT')
  }
})

it('T1 a header says what it must and nothing besides', () => {
  const header = (fields: object) =>
    hasHeader({ header: { ...fields }, payload: {} }, 'x+jwt', 'kid')
  const right = { alg: 'ES256', typ: 'x+jwt', kid: 'k' }
  expect(header(right)).toBe(true)
  for (const wrong of [{ alg: 'none' }, { typ: 'JWT' }, { jku: 'https://evil.example' }]) {
    expect(header({ ...right, ...wrong })).toBe(false)
  }
  expect(header({ alg: 'ES256', typ: 'x+jwt' })).toBe(false)
})
