import fc from 'fast-check'
import { exportSPKI, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import { START_S, claimsFor, fakeTmms, signToken, type FakeTmms } from '../../test/tmms.ts'
import { MID, MSID, ORIGIN } from '../../test/tmms.ts'
import { permits, tokenAlive, verifyToken, type Permission, type TokenRules } from './token.ts'

const device = { jkt: 'K77U8WC4APaNNkvIyYELJNR_2irIKBcaqhmKeIGq_pM' }
let tmms: FakeTmms
let rules: TokenRules

beforeAll(async () => {
  tmms = await fakeTmms()
  const pair = await crypto.subtle.importKey(
    'jwk',
    tmms.tokenJwk,
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['verify'],
  )
  const keys = new Map([['t1', pair]])
  rules = { keys, issuer: ORIGIN, mid: MID, msid: MSID, nowMs: START_S * 1000 }
})

async function refusal(token: string, at: Partial<TokenRules> = {}): Promise<string> {
  return verifyToken(token, { ...rules, ...at }).then(() => 'accepted', codeOf)
}

async function refusalOf(claims: Record<string, unknown>): Promise<string> {
  return refusal(await tmms.token(device, claims))
}

describe('a meeting token', () => {
  it('yields its claims', async () => {
    const claims = await verifyToken(await tmms.token(device, { role: 'moderator' }), rules)
    expect(claims).toMatchObject({ mid: MID, msid: MSID, role: 'moderator', jkt: device.jkt })
    expect(claims.prm).toEqual(['audio', 'video', 'share'])
  })

  it('permits nothing that it does not say', async () => {
    const token = await tmms.token(device, { prm: undefined, role: undefined, e2ee: undefined })
    const claims = await verifyToken(token, rules)
    expect(claims).toMatchObject({ prm: [], role: 'participant', suites: [] })
  })

  it('R3 is asked for every kind of stream, and chat needs no permission', () => {
    const kinds = ['audio', 'video', 'screen', 'screen-audio', 'data']
    const permitted = (...prm: Permission[]): string[] =>
      kinds.filter((kind) => permits({ prm }, { kind }))
    expect(permitted()).toEqual(['data'])
    expect(permitted('audio')).toEqual(['audio', 'data'])
    expect(permitted('video')).toEqual(['video', 'data'])
    expect(permitted('share')).toEqual(['screen', 'screen-audio', 'data'])
  })

  it('says whether the link carries a secret and whether senders sign; silence means no', async () => {
    const policy = async (e2ee: unknown): Promise<unknown> => {
      const { psk, vouch } = await verifyToken(await tmms.token(device, { e2ee }), rules)
      return { psk, vouch }
    }
    expect(await policy({ suites: [1] })).toEqual({ psk: false, vouch: false })
    expect(await policy(undefined)).toEqual({ psk: false, vouch: false })
    expect(await policy({ psk: true, vouch: false })).toEqual({ psk: true, vouch: false })
    expect(await policy({ psk: false, vouch: true })).toEqual({ psk: false, vouch: true })
    for (const e2ee of [{ psk: 1 }, { psk: null }, { vouch: 'true' }, { vouch: [] }]) {
      expect(await refusalOf({ e2ee })).toBe('E_TOKEN_FORMAT')
    }
  })

  it('T1 is refused without a signature or with another algorithm', async () => {
    const spki = new TextEncoder().encode(
      await exportSPKI((await generateKeyPair('ES256')).publicKey),
    )
    const claims = claimsFor(device)
    expect(await refusal(await signToken(spki, claims, { alg: 'HS256' }))).toBe('E_TOKEN_TYPE')
    const [, payload] = (await tmms.token(device)).split('.')
    const none = btoa(JSON.stringify({ alg: 'none', typ: 'meeting+jwt', kid: 't1' }))
    expect(await refusal(`${none.replaceAll('=', '')}.${payload ?? ''}.`)).toBe('E_TOKEN_FORMAT')
    expect(await refusal(`${none.replaceAll('=', '')}.${payload ?? ''}.AAAA`)).toBe('E_TOKEN_TYPE')
  })

  it.each([
    ['another type', { typ: 'JWT' }, 'E_TOKEN_TYPE'],
    ['an unknown key id', { kid: 't2' }, 'E_TOKEN_KEY'],
    ['a path as key id', { kid: '../../etc/passwd' }, 'E_TOKEN_KEY'],
    ['SQL as key id', { kid: "' OR 1=1 --" }, 'E_TOKEN_KEY'],
    ['an inherited name as key id', { kid: '__proto__' }, 'E_TOKEN_KEY'],
    ['a key set address', { jku: 'https://evil.example/keys' }, 'E_TOKEN_TYPE'],
    ['a certificate address', { x5u: 'https://evil.example/cert' }, 'E_TOKEN_TYPE'],
    ['its own key', { jwk: { kty: 'EC' } }, 'E_TOKEN_TYPE'],
  ])('T1 is refused with %s in its header', async (_what, header, code) => {
    expect(await refusal(await signToken(tmms.tokenKey, claimsFor(device), header))).toBe(code)
  })

  it('T1 is refused when signed by another key', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    expect(await refusal(await signToken(privateKey, claimsFor(device)))).toBe('E_TOKEN_SIG')
  })

  it('T1 is refused with extra dots, a megabyte, or a second spelling of its bytes', async () => {
    const token = await tmms.token(device)
    expect(await refusal(`${token}.`)).toBe('E_TOKEN_FORMAT')
    expect(await refusal(token.replace('.', '..'))).toBe('E_TOKEN_FORMAT')
    expect(await refusal('a'.repeat(1_000_000))).toBe('E_TOKEN_FORMAT')
    // 64 signature bytes leave 4 unused bits in the last character.
    const last = token.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const twin = alphabet[alphabet.indexOf(last) + 1] ?? ''
    expect(await refusal(token.slice(0, -1) + twin)).toBe('E_TOKEN_FORMAT')
    expect(await refusal(`${token}=`)).toBe('E_TOKEN_FORMAT')
  })

  it('T1 is refused when a claim appears twice, although rightly signed', async () => {
    const header = { alg: 'ES256', typ: 'meeting+jwt', kid: 't1' }
    const twice = JSON.stringify(claimsFor(device)).replace('"role":', '"role":"moderator","role":')
    const encode = (text: string): string =>
      btoa(text).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')
    const signed = `${encode(JSON.stringify(header))}.${encode(twice)}`
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      tmms.tokenKey,
      new TextEncoder().encode(signed),
    )
    const tail = encode(String.fromCharCode(...new Uint8Array(signature)))
    expect(await refusal(`${signed}.${tail}`)).toBe('E_TOKEN_FORMAT')
  })

  it('T1 is refused with times that are no whole numbers', async () => {
    expect(await refusalOf({ exp: String(START_S + 900) })).toBe('E_TOKEN_FORMAT')
    expect(await refusalOf({ iat: START_S + 0.5 })).toBe('E_TOKEN_FORMAT')
    expect(await refusalOf({ exp: undefined })).toBe('E_TOKEN_FORMAT')
  })

  it('T1 is refused with names and ids that are missing, empty, too long or no text', async () => {
    const limits = { sub: 64, name: 200, mid: 64, msid: 64 }
    for (const [claim, most] of Object.entries(limits)) {
      for (const value of [undefined, '', 7, null, ['x'], 'x'.repeat(most + 1)]) {
        expect(await refusalOf({ [claim]: value }), claim).toBe('E_TOKEN_FORMAT')
      }
    }
    expect(await refusalOf({ sub: 'x'.repeat(64), name: 'x'.repeat(200) })).toBe('accepted')
    for (const jkt of [undefined, '', 7, `${device.jkt}A`]) {
      expect(await refusalOf({ cnf: { jkt } })).toBe('E_TOKEN_FORMAT')
    }
    for (const cnf of [null, 'jkt', device.jkt]) {
      expect(await refusalOf({ cnf })).toBe('E_TOKEN_FORMAT')
    }
  })

  it.each([
    ['another audience', { aud: ['tcs'] }, 'E_TOKEN_AUD'],
    ['another issuer', { iss: 'https://evil.example' }, 'E_TOKEN_AUD'],
    ['another meeting', { mid: 'm_2' }, 'E_TOKEN_MEETING'],
    ['another session of the meeting', { msid: 's_2' }, 'E_TOKEN_MEETING'],
  ])('T2 is refused for %s', async (_what, claims, code) => {
    expect(await refusalOf(claims)).toBe(code)
  })

  it('T3 is accepted 59 seconds too early or late, and refused at 61', async () => {
    const token = await tmms.token(device)
    const at = (seconds: number): Promise<string> =>
      refusal(token, { nowMs: (START_S + seconds) * 1000 })
    expect(await at(-59)).toBe('accepted')
    expect(await at(-61)).toBe('E_TOKEN_TIME')
    expect(await at(900 + 59)).toBe('accepted')
    expect(await at(900 + 61)).toBe('E_TOKEN_TIME')
  })

  it('T3 is refused when it claims a longer life than any token has', async () => {
    expect(await refusalOf({ exp: START_S + 901 })).toBe('E_TOKEN_TIME')
  })

  it('stops being worth new keys a minute after it expired', async () => {
    const claims = await verifyToken(await tmms.token(device), rules)
    expect(tokenAlive(claims, (START_S + 960) * 1000)).toBe(true)
    expect(tokenAlive(claims, (START_S + 960) * 1000 + 1)).toBe(false)
  })

  it('H16 never makes the check fail in another way than with a token code', async () => {
    const valid = await tmms.token(device)
    const mutated = fc.tuple(fc.nat(valid.length - 1), fc.string({ maxLength: 4 }))
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), mutated), async (input) => {
        const token =
          typeof input === 'string'
            ? input
            : valid.slice(0, input[0]) + input[1] + valid.slice(input[0] + 1)
        if (token !== valid) expect(await refusal(token)).toMatch(/^E_TOKEN_/)
      }),
      { numRuns: 500 },
    )
  })
})
