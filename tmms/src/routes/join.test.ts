import { createHmac, generateKeyPairSync } from 'node:crypto'
import {
  SignJWT,
  base64url,
  calculateJwkThumbprint,
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  importJWK,
  jwtVerify,
} from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JoinGrant } from '../contract/meetings.ts'
import { ORIGIN } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { DAY, MINUTE, START, openWorld, plan } from '../../test/world.ts'
import type { Browser } from '../../test/browser.ts'
import type { World } from '../../test/world.ts'

let world: World
let organiser: Browser
let guest: Browser
let guestId: string
let id: string
const device = new Device()
const TCS_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'x',
  y: 'y',
  kid: 'tcs-key',
  alg: 'ES256',
  use: 'sig',
}
const tcsOrigin = 'https://tcs.example.org'
const options = { tcsOrigin, tcs: () => Promise.resolve([{ origin: tcsOrigin, jwk: TCS_KEY }]) }
beforeAll(async () => {
  world = await openWorld(options)
  await world.administrator()
  organiser = (await world.person('ada@example.org', 'organiser')).browser
  const person = await world.person('bob@example.org')
  guest = person.browser
  guestId = person.account.id
  id = (await plan(organiser, ['bob@example.org'])).id
})
afterAll(() => world.close())

const verify = (token: string) =>
  jwtVerify(token, createLocalJWKSet(world.tmms.tokenKeys()), {
    currentDate: new Date(world.clock.nowMs),
  })

describe('the meeting token', () => {
  it('T1 has exactly the claims of the contract, is signed by a published key, lives 15 minutes', async () => {
    const answer = await device.join(guest, id, world.clock.nowMs)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const { token, ...grant } = answer.body as JoinGrant
    expect(grant).toEqual({
      mid: id,
      msid: expect.stringMatching(/^[\w-]{22}$/) as string,
      title: 'Board',
      tcsOrigin: 'https://tcs.example.org',
      expiresInS: 900,
      endsAt: new Date(START + 60 * MINUTE).toISOString(),
    })
    const [key] = world.tmms.tokenKeys().keys
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'meeting+jwt',
      kid: key?.kid,
    })
    const { payload } = await verify(token)
    const iat = START / 1000
    expect(payload).toEqual({
      iss: ORIGIN,
      aud: ['tcs', 'e2ee'],
      sub: guestId,
      name: 'Ada Lovelace',
      mid: id,
      msid: grant.msid,
      role: 'participant',
      prm: ['audio', 'video', 'share'],
      jti: expect.stringMatching(/^[\w-]{22}$/) as string,
      iat,
      nbf: iat,
      exp: iat + 900,
      cnf: { jkt: await calculateJwkThumbprint(await device.jwk()) },
      e2ee: { suites: [2], psk: false, vouch: true },
      pol: { messages: true, participants: 500 },
    })
  })

  it('T2 belongs to the meeting session, the same for everybody and for the whole meeting', async () => {
    const [one, two] = [
      await device.join(guest, id, world.clock.nowMs),
      await device.join(organiser, id, world.clock.nowMs),
    ]
    expect(two.body.msid).toBe(one.body.msid)
    expect((await verify(two.body.token as string)).payload['role']).toBe('moderator')
    const other = await plan(organiser, [])
    expect((await device.join(organiser, other.id, START)).body.msid).not.toBe(one.body.msid)
  })

  it('says what the administrator chose: the one suite (H6), and whether senders vouch', async () => {
    const classical = await openWorld({ e2eeSuite: 1, vouching: false })
    await classical.administrator()
    const { browser } = await classical.person('eve@example.org', 'organiser')
    const meeting = await plan(browser, [])
    const grant = (await device.join(browser, meeting.id, classical.clock.nowMs)).body as JoinGrant
    expect(decodeJwt(grant.token)['e2ee']).toEqual({ suites: [1], psk: false, vouch: false })
    await classical.close()
  })

  it('H14 says that the link of the meeting carries a secret', async () => {
    const meeting = await plan(organiser, [], { ownLink: true })
    const grant = (await device.join(organiser, meeting.id, START)).body as JoinGrant
    expect(decodeJwt(grant.token)['e2ee']).toEqual({ suites: [2], psk: true, vouch: true })
  })

  it('T3 has expired after 15 minutes', async () => {
    const { token } = (await device.join(guest, id, world.clock.nowMs)).body as JoinGrant
    world.clock.nowMs += 15 * MINUTE
    await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
    world.clock.nowMs = START
  })

  it('T5 is in no log line', async () => {
    const { token } = (await device.join(guest, id, world.clock.nowMs)).body as JoinGrant
    const log = world.logLines.join('')
    expect(log).toContain('/meetings/:id/join')
    for (const part of token.split('.').slice(1)) expect(log).not.toContain(part)
  })
})

describe('T4 the device proof', () => {
  const send = (dpop: string | undefined, headers: Record<string, string> = {}) =>
    guest.call(
      'POST /api/meetings/:id/join',
      {},
      { id, headers: dpop === undefined ? headers : { dpop, ...headers } },
    )
  const refuses = async (dpop: string | undefined) => {
    const answer = await send(dpop)
    expect([answer.status, answer.body.code]).toEqual([401, 'bad-proof'])
  }
  const prove = (changes: Parameters<Device['prove']>[2]) =>
    device.prove(id, world.clock.nowMs, changes)

  it('is required', () => refuses(undefined))

  it('works once', async () => {
    const proof = await prove({})
    expect((await send(proof)).status).toBe(200)
    await refuses(proof)
    world.clock.nowMs += MINUTE
    await refuses(proof)
    world.clock.nowMs = START
  })

  it('Q10 works once, also with a server that was started since', async () => {
    const proof = await prove({})
    expect((await send(proof)).status).toBe(200)
    const later = await openWorld({ ...options, dataDir: world.dataDir })
    const again = later.browser()
    for (const [name, value] of guest.cookies) again.cookies.set(name, value)
    const ask = async (dpop: string) =>
      (await again.call('POST /api/meetings/:id/join', {}, { id, headers: { dpop } })).status
    expect([await ask(proof), await ask(await prove({}))]).toEqual([401, 200])
    await later.close()
  })

  it('Q10 works once for a meeting that is not there, too', async () => {
    const elsewhere = 'A'.repeat(22)
    const htu = `${ORIGIN}/api/meetings/${elsewhere}/join`
    const headers = { dpop: await prove({ claims: { htu } }) }
    const ask = () => guest.call('POST /api/meetings/:id/join', {}, { id: elsewhere, headers })
    expect((await ask()).body.code).toBe('not-found')
    expect((await ask()).body.code).toBe('bad-proof')
  })

  it.each([
    ['another method', { claims: { htm: 'GET' } }],
    ['another path', { claims: { htu: `${ORIGIN}/api/meetings/x/join` } }],
    ['another origin', { claims: { htu: 'https://evil.example/api' } }],
    ['no URL', { claims: { htu: 'join' } }],
    ['a time in words', { claims: { iat: 'now' } }],
    ['no identifier', { claims: { jti: '' } }],
    ['a long identifier', { claims: { jti: 'x'.repeat(129) } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['no key', { header: { jwk: undefined } }],
  ] as const)('is refused with %s', async (_, changes) => {
    await refuses(await prove(changes))
  })

  it.each([-60, 60])('is accepted %s seconds away', async (seconds) => {
    const proof = await prove({ claims: { iat: START / 1000 + seconds } })
    expect((await send(proof)).status).toBe(200)
  })

  const HOURS = 3_600
  it.each([-61, 61, -3 * HOURS, 3 * HOURS])(
    'I8 is asked for again, with a nonce, when its time is %s seconds off',
    async (seconds) => {
      const claims = { iat: START / 1000 + seconds }
      const first = await send(await prove({ claims }))
      expect([first.status, first.body.code]).toEqual([401, 'use-dpop-nonce'])
      expect(first.headers.get('www-authenticate')).toContain('error="use_dpop_nonce"')
      const nonce = first.headers.get('dpop-nonce')
      const second = await prove({ claims: { ...claims, nonce } })
      expect((await send(second)).status).toBe(200)
      await refuses(second)
    },
  )

  it('with a nonce is good for two minutes, of this server alone, and works once', async () => {
    const nonce = (await send(undefined)).headers.get('dpop-nonce')
    const early = await prove({ claims: { nonce } })
    const late = await prove({ claims: { nonce } })
    expect((await send(early)).status).toBe(200)
    world.clock.nowMs += 2 * MINUTE - 1
    await refuses(early)
    world.clock.nowMs += 2 * MINUTE + 1
    expect((await send(late)).body.code).toBe('use-dpop-nonce')
    world.clock.nowMs = START
    for (const other of ['', 'A'.repeat(22), 7, null]) {
      const answer = await send(await prove({ claims: { nonce: other } }))
      expect(answer.body.code).toBe('use-dpop-nonce')
    }
  })

  it.each([
    ['a key id', { header: { kid: 'mine' } }],
    ['claims that RFC 9449 defines for others', { claims: { ath: 'x' } }],
    ['an end of its own', { claims: { exp: START / 1000 - 61 } }],
  ] as const)('is accepted with %s', async (_, changes) => {
    expect((await send(await prove(changes))).status).toBe(200)
  })

  it('is accepted with what libraries say of the public key beside it', async () => {
    const members = { alg: 'ES256', use: 'sig', key_ops: ['verify'], kid: 'k', ext: true }
    const jwk = { ...(await device.jwk()), ...members }
    expect((await send(await prove({ header: { jwk } }))).status).toBe(200)
    for (const wrong of [{ alg: 'ES384' }, { use: 'enc' }, { k: 'AAAA' }]) {
      await refuses(await prove({ header: { jwk: { ...jwk, ...wrong } } }))
    }
  })

  it('ignores query and fragment of the URL (RFC 9449 section 4.3)', async () => {
    const htu = `${ORIGIN}/api/meetings/${id}/join?x=1#y`
    expect((await send(await prove({ claims: { htu } }))).status).toBe(200)
  })

  it('is refused with a private key inside', async () => {
    const jwk = await exportJWK(device.privateKey)
    await refuses(await prove({ header: { jwk } }))
  })

  it('is refused when signed by another key than the one it shows', async () => {
    const jwk = await new Device().jwk()
    await refuses(await prove({ header: { jwk } }))
  })

  it('T1 is refused with alg none, HS256 over the public key, and other curves', async () => {
    const jwk = await device.jwk()
    const encode = (value: unknown) => base64url.encode(JSON.stringify(value))
    const claims = {
      htm: 'POST',
      htu: `${ORIGIN}/api/meetings/${id}/join`,
      jti: 'n',
      iat: START / 1000,
    }
    const unsigned = (alg: string) => `${encode({ alg, typ: 'dpop+jwt', jwk })}.${encode(claims)}`
    await refuses(`${unsigned('none')}.`)
    const mac = createHmac('sha256', JSON.stringify(jwk)).update(unsigned('HS256'))
    await refuses(`${unsigned('HS256')}.${mac.digest('base64url')}`)
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const other = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES384', typ: 'dpop+jwt', jwk: await exportJWK(p384.publicKey) })
      .sign(p384.privateKey)
    await refuses(other)
  })

  it('T1 is refused when it is garbage, too long, doubled or off the curve', async () => {
    const proof = await prove({})
    for (const bad of ['', 'a.b.c', `${proof}.`, `${proof}x.y`, 'x'.repeat(5000)]) {
      await refuses(bad)
    }
    await refuses(`${proof}, ${proof}`)
    const jwk = { ...(await device.jwk()), y: base64url.encode(new Uint8Array(32)) }
    await refuses(await prove({ header: { jwk } }))
  })

  it('of another meeting, captured, opens no door', async () => {
    const other = await plan(organiser, ['bob@example.org'])
    await refuses(await device.prove(other.id, world.clock.nowMs))
  })

  it('comes before the meeting is looked at', async () => {
    const headers = { dpop: 'nonsense' }
    const answer = await guest.call(
      'POST /api/meetings/:id/join',
      {},
      { id: 'A'.repeat(22), headers },
    )
    expect(answer.body.code).toBe('bad-proof')
  })
})

describe('the key set', () => {
  const fetchSet = async () => (await world.browser().call('GET /api/keys')).text

  it('M6 is signed by the root key whose thumbprint is in every link, and certifies the TCS', async () => {
    const answer = await world.browser().call('GET /api/keys')
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const header = decodeProtectedHeader(answer.text)
    expect(header).toMatchObject({ alg: 'ES256', typ: 'jwks+jwt' })
    expect(Object.keys(header.jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(await calculateJwkThumbprint(header.jwk!)).toBe(world.tmms.rootThumbprint)
    const root = await importJWK(header.jwk!, 'ES256')
    const { payload } = await compactVerify(answer.text, root)
    const set = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
    expect(set).toEqual({
      iss: ORIGIN,
      iat: START / 1000,
      ...world.tmms.tokenKeys(),
      tcs: [{ ...TCS_KEY, origin: 'https://tcs.example.org' }],
      audit: [{ kty: 'OKP', crv: 'Ed25519', x: expect.stringMatching(/^[\w-]{43}$/) as string }],
      chain: [],
    })
    expect(JSON.stringify(set)).not.toContain('"d"')
  })

  it('changes keys before 90 days are over, announces the next one, keeps the last one', async () => {
    const kids = () => world.tmms.tokenKeys().keys.map(({ kid }) => kid)
    const signerAt = async (days: number) => {
      world.clock.nowMs = START + days * DAY
      await fetchSet()
      await organiser.signIn('ada@example.org')
      const startsAt = new Date(world.clock.nowMs).toISOString()
      const meeting = await plan(organiser, [], { startsAt })
      const grant = (await device.join(organiser, meeting.id, world.clock.nowMs)).body as JoinGrant
      return decodeProtectedHeader(grant.token).kid
    }
    const [first] = kids()
    expect(await signerAt(82)).toBe(first)
    expect(kids()).toHaveLength(1)
    expect(await signerAt(84)).toBe(first)
    expect(kids()).toHaveLength(2)
    const second = kids()[1]
    expect(await signerAt(90)).toBe(second)
    expect(kids()).toEqual([first, second])
    expect(await signerAt(92)).toBe(second)
    expect(kids()).toEqual([second])
    world.clock.nowMs = START
  })
})
