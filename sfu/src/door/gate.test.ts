/** The gate against callers who hold the wrong thing, or nothing (checklist groups T and W). */
import { createHash, randomBytes, verify } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  Network,
  newPerson,
  newKeyPair,
  ORIGIN,
  type Person,
  type TokenChanges,
} from '../../test/network.ts'
import { memberId } from './proof.ts'

const START_MS = Date.UTC(2030, 0, 1)
let nowMs = START_MS
const proven: Duplex[] = []
let network: Network
let person: Person

beforeAll(async () => {
  network = await Network.open({
    now: () => nowMs,
    onProven: (connection) => proven.push(connection),
  })
  person = await newPerson()
})
afterAll(() => network.close())

async function codeOf(changes: TokenChanges): Promise<string> {
  return codeOfToken(await network.token(person, changes))
}

async function codeOfToken(token: string): Promise<string> {
  const peer = await network.call()
  const answer = await peer.authenticate(peer.proof(person, token))
  if (answer.ok) {
    peer.close()
    return 'ok'
  }
  await peer.ended()
  return answer.code
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

test('Q9 E2 who leaves the session loses the connection below it, before and after the proof', async () => {
  const stranger = await network.call()
  const known = await network.admit({ person: await newPerson() })
  for (const { socket } of [stranger, known]) {
    const { engine } = socket.io
    const closed = once(engine as never, 'close')
    // A disconnect packet of socket.io, of which this client itself takes no note.
    engine.write('1')
    await closed
  }
})

describe('a proven caller', () => {
  test('is admitted under the member id that its own proof makes', async () => {
    const peer = await network.call()
    const admission = await peer.prove(person, await network.token(person))
    expect(admission.peerId).toBe(memberId('session-1', person.ikPub, person.nonce))
    expect(admission.iceTransportPolicy).toBe('relay')
    expect(admission.relay.username).toBe(`account of ${person.jkt}:meeting-1:${admission.peerId}`)
    expect(peer.challenge.tcsOrigin).toBe(ORIGIN)
    expect(peer.challenge.challenge).toHaveLength(32)
    peer.close()
  })

  test('is made known to whoever owns the connection, and a refused one is not', async () => {
    proven.length = 0
    const stranger = await network.call()
    await stranger.authenticate(stranger.proof(person, 'no token'))
    await stranger.ended()
    expect(proven).toEqual([])
    const peer = await network.call()
    await peer.prove(person, await network.token(person))
    expect(proven.map(({ destroyed }) => destroyed)).toEqual([false])
    peer.close()
  })

  test('has the member id of the E2EE1 formula', () => {
    const id = memberId('ab', Buffer.alloc(65, 1), Buffer.alloc(32, 2))
    // sha256("E2EE1 member\0" || 00 02 || "ab" || 01 x 65 || 02 x 32), first 16 bytes, computed outside this program.
    expect(id).toBe('4f36233a6467c72715c7b9032cad8bc0')
  })
})

describe('M6 the TCS', () => {
  const signed = (label: string, token: string, challenge: Uint8Array, rest: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(`E2EE1 tcs ${label}\0`),
      challenge,
      createHash('sha256').update(token).digest(),
      rest,
    ])
  const vec = (text: string): Buffer =>
    Buffer.concat([Buffer.from([0, Buffer.byteLength(text)]), Buffer.from(text)])
  const holds = (bytes: Buffer, signature: Uint8Array): boolean => {
    const key = network.identityKey.publicKey
    return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
  }

  test('proves who it is to each caller anew', async () => {
    const token = await network.token(person)
    const peer = await network.call()
    const { identity, peerId } = await peer.prove(person, token)
    const rest = Buffer.concat([Buffer.from(peerId, 'hex'), vec(ORIGIN)])
    const { clientChallenge } = peer
    expect(holds(signed('identity', token, clientChallenge, rest), identity.signature)).toBe(true)
    expect(holds(signed('identity', token, randomBytes(32), rest), identity.signature)).toBe(false)
    peer.close()
  })

  test('signs the DTLS fingerprints of each transport', async () => {
    const token = await network.token(person)
    const peer = await network.admit({ person, token })
    await peer.join()
    for (const [octet, direction] of (['send', 'recv'] as const).entries()) {
      const { transportId, dtlsParameters, signature } = await peer.transport(direction)
      const { fingerprints } = dtlsParameters as {
        fingerprints: { algorithm: string; value: string }[]
      }
      const listed = fingerprints.flatMap(({ algorithm, value }) => [vec(algorithm), vec(value)])
      const head = [Buffer.from([octet]), vec(transportId), Buffer.from([fingerprints.length])]
      const rest = Buffer.concat([...head, ...listed])
      expect(fingerprints.length).toBeGreaterThan(0)
      expect(holds(signed('transport', token, peer.clientChallenge, rest), signature)).toBe(true)
    }
    peer.close()
  })

  test.each([
    ['no challenge', undefined],
    ['a short challenge', randomBytes(31)],
    ['a long challenge', randomBytes(33)],
    ['text for a challenge', 'x'.repeat(32)],
  ])('is not asked with %s', async (_name, clientChallenge) => {
    const peer = await network.call()
    const proof = { ...peer.proof(person, await network.token(person)), clientChallenge }
    expect(await peer.authenticate(proof)).toEqual({ ok: false, code: 'refused' })
  })
})

describe('T1 a token', () => {
  test('with alg none is refused', async () => {
    const [, payload] = (await network.token(person)).split('.')
    const header = part({ alg: 'none', typ: 'meeting+jwt', kid: 'token-key-1' })
    expect(await codeOfToken(`${header}.${payload}.`)).toBe('refused')
    expect(await codeOfToken(`${header}.${payload}.AAAA`)).toBe('refused')
  })

  test('with HS256 over the public key is refused', async () => {
    const { createHmac } = await import('node:crypto')
    const [, payload] = (await network.token(person)).split('.')
    const input = `${part({ alg: 'HS256', typ: 'meeting+jwt', kid: 'token-key-1' })}.${payload}`
    for (const format of ['pem', 'der'] as const) {
      const secret = network.tokenKey.publicKey.export({ type: 'spki', format: format as 'pem' })
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      expect(await codeOfToken(`${input}.${mac}`)).toBe('refused')
    }
  })

  test.each([
    ['another typ', { header: { typ: 'JWT' } }],
    ['another kid', { header: { kid: 'token-key-2' } }],
    ['a kid that is a path', { header: { kid: '../../dev/null' } }],
    ['a kid that is SQL', { header: { kid: "' OR 1=1 --" } }],
    ['a kid that is a prototype name', { header: { kid: '__proto__' } }],
    ['a jku header', { header: { jku: 'https://evil.example/keys' } }],
    ['an x5u header', { header: { x5u: 'https://evil.example/cert' } }],
    ['a jwk header', { header: { jwk: { kty: 'EC' } } }],
    ['another key', { key: newKeyPair().privateKey }],
    ['exp as text', { claims: { exp: '9999999999' } }],
    ['a life longer than 15 minutes', { claims: { exp: START_MS / 1000 + 901 } }],
    ['no exp', { claims: { exp: undefined } }],
    ['no cnf', { claims: { cnf: undefined } }],
  ] as [string, TokenChanges][])('with %s is refused', async (_name, changes) => {
    nowMs = START_MS
    expect(await codeOf(changes)).toBe('refused')
  })

  test('with its own key in the header is refused', async () => {
    const { exportJWK } = await import('jose')
    const mine = newKeyPair()
    const jwk = await exportJWK(mine.publicKey)
    expect(await codeOf({ header: { jwk }, key: mine.privateKey })).toBe('refused')
  })

  test('that is too long, has extra dots or another spelling is refused', async () => {
    const token = await network.token(person)
    expect(await codeOfToken('a'.repeat(5_000))).toBe('refused')
    expect(await codeOfToken(`${token}.`)).toBe('refused')
    expect(await codeOfToken(`${token}.AAAA`)).toBe('refused')
    expect(await codeOfToken(`${token}=`)).toBe('refused')
    // 64 bytes leave four bits of the last character unused: sixteen spellings decode to the same signature.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(token.at(-1)!)
    const respelled = `${token.slice(0, -1)}${alphabet.charAt(last + 1)}`
    expect(Buffer.from(respelled.split('.')[2]!, 'base64url')).toEqual(
      Buffer.from(token.split('.')[2]!, 'base64url'),
    )
    expect(await codeOfToken(respelled)).toBe('refused')
    expect(await codeOfToken(token)).toBe('ok')
  })
})

describe('T2 a token for somebody else', () => {
  test.each([
    ['aud', { aud: ['e2ee'] }],
    ['iss', { iss: 'https://other.example.org' }],
    ['mid', { mid: '' }],
    ['msid', { msid: 7 }],
    ['prm', { prm: ['everything'] }],
  ])('is refused for its %s', async (_name, claims) => {
    expect(await codeOf({ claims })).toBe('refused')
  })
})

describe('T3 time', () => {
  test.each([
    ['expired for 59 s', { exp: START_MS / 1000 - 59, iat: START_MS / 1000 - 900 }, 'ok'],
    ['expired for 61 s', { exp: START_MS / 1000 - 61, iat: START_MS / 1000 - 900 }, 'refused'],
    ['valid in 59 s', { nbf: START_MS / 1000 + 59 }, 'ok'],
    ['valid in 61 s', { nbf: START_MS / 1000 + 61 }, 'refused'],
  ])('a token %s is answered %s', async (_name, claims, code) => {
    nowMs = START_MS
    expect(await codeOf({ claims })).toBe(code)
  })
})

describe('T4 a stolen token', () => {
  test('is refused without the key it names', async () => {
    const thief = await newPerson()
    const token = await network.token(person)
    const peer = await network.call()
    expect(await peer.authenticate(peer.proof(thief, token))).toEqual({
      ok: false,
      code: 'refused',
    })
    const other = await network.call()
    const mixed = { ...other.proof(thief, token), ikPub: person.ikPub }
    expect(await other.authenticate(mixed)).toEqual({ ok: false, code: 'refused' })
  })

  test('is refused with a captured proof, because the challenge is another', async () => {
    const token = await network.token(person)
    const first = await network.call()
    const captured = first.proof(person, token)
    first.close()
    const second = await network.call()
    expect(await second.authenticate(captured)).toEqual({ ok: false, code: 'refused' })
  })

  test('is refused with a key that is no point of the curve', async () => {
    const { calculateJwkThumbprint } = await import('jose')
    const ikPub = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 5)])
    const x = Buffer.alloc(32, 5).toString('base64url')
    const jkt = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x, y: x }, 'sha256')
    const token = await network.token({ ...person, jkt })
    const peer = await network.call()
    const proof = peer.proof({ ...person, ikPub }, token)
    expect(await peer.authenticate(proof)).toEqual({ ok: false, code: 'refused' })
  })

  test('T5 leaves no trace of token, name or key in the log', async () => {
    const token = await network.token(person)
    await codeOfToken(token)
    await codeOfToken(`${token.slice(0, -4)}AAAA`)
    const log = network.log.join('\n')
    expect(log).toContain('caller refused')
    for (const secret of [...token.split('.'), 'Secretname', person.jkt]) {
      expect(log).not.toContain(secret)
    }
  })
})

describe('W9 two sockets with one token', () => {
  test('another member is told that the token is in use, and the first stays', async () => {
    const token = await network.token(person)
    const first = await network.admit({ person, token })
    const second = await network.call()
    const proof = second.proof({ ...person, nonce: randomBytes(32) }, token)
    expect(await second.authenticate(proof)).toEqual({ ok: false, code: 'token-in-use' })
    expect(first.connected).toBe(true)
    first.close()
  })

  test('the same member replaces its older connection', async () => {
    const first = await network.join({ person })
    const second = await network.admit({ person })
    expect(first.connected).toBe(true)
    expect(await second.join()).toEqual({ peers: [], producers: [] })
    expect(await first.next('goodbye')).toEqual({ code: 'replaced' })
    await first.ended()
    second.close()
  })

  test('a second window of the same browser replaces the first, which is lost before it comes', async () => {
    const other = await network.join()
    const window = { ...person, nonce: randomBytes(32) }
    const first = await network.join({ person })
    const second = await network.admit({ person: window })
    expect(first.connected).toBe(true)
    other.events.length = 0
    await second.join()
    expect(await first.next('goodbye')).toEqual({ code: 'replaced' })
    await first.ended()
    await other.request('relay-credentials', {})
    expect(other.events).toEqual([
      { type: 'peer-left', payload: { peerId: first.id, reason: 'lost' } },
      { type: 'peer-joined', payload: { peerId: second.id } },
    ])
    for (const peer of [second, other]) peer.close()
  })

  test('the token can be used again once its connection is gone', async () => {
    const token = await network.token(person)
    const first = await network.admit({ person, token })
    first.close()
    const again = { ...person, nonce: randomBytes(32) }
    await expect
      .poll(async () => {
        const peer = await network.call()
        const answer = await peer.authenticate(peer.proof(again, token))
        peer.close()
        return answer.ok
      })
      .toBe(true)
  })
})
