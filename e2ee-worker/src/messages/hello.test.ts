import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import { hex, kat, katIdentity } from '../../test/kat.ts'
import { MID, MSID, ORIGIN, START_S, fakeTmms, type FakeTmms } from '../../test/tmms.ts'
import { decodeHello, encodeBody, memberIdOf, signHello, verifyHello } from './hello.ts'
import type { Hello, HelloFields, HelloRules } from './hello.ts'
import { identityOf, signWith, verifyFrom, type Identity } from '../trust/identity.ts'
import { nobleKem } from '../keys/kem.ts'
import { makeEphemeral } from '../keys/pair.ts'
import { join, sha256, text, toHex, type Bytes } from '../wire.ts'

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const
const NO_PSK = new Uint8Array(8)
let tmms: FakeTmms
let rules: HelloRules

async function importKeys(jwk: JsonWebKey): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', jwk, P256, false, ['verify'])
}

async function newIdentity(): Promise<Identity> {
  return identityOf(await crypto.subtle.generateKey(P256, false, ['sign', 'verify']))
}

beforeAll(async () => {
  tmms = await fakeTmms()
  const keys = new Map([['t1', await importKeys(tmms.tokenJwk)]])
  const token = { keys, issuer: ORIGIN, mid: MID, msid: MSID, nowMs: START_S * 1000 }
  rules = { suite: 1, token, pskId: NO_PSK, ekSeen: () => false }
})

async function fieldsFor(identity: Identity, claims = {}): Promise<HelloFields> {
  return {
    suite: 1,
    token: await tmms.token(identity, claims),
    ikPub: identity.ikPub,
    nonce: crypto.getRandomValues(new Uint8Array(32)),
    epoch: 1,
    ekPub: (await makeEphemeral()).ekPub,
    kemPub: new Uint8Array(0),
    createdMs: START_S * 1000,
    prevHash: new Uint8Array(32),
    pskId: NO_PSK,
  }
}

async function helloOf(identity: Identity, changes: Partial<HelloFields> = {}): Promise<Bytes> {
  const fields = { ...(await fieldsFor(identity)), ...changes }
  return (await signHello(fields, identity)).bytes
}

async function refusal(bytes: Uint8Array, changes: Partial<HelloRules> = {}): Promise<string> {
  const verify = async (): Promise<unknown> =>
    verifyHello(decodeHello(bytes), { ...rules, ...changes })
  return verify().then(() => 'accepted', codeOf)
}

describe('K9 the known HELLOs', () => {
  it.each(['member_A', 'member_B', 'member_C'] as const)('%s verifies', async (name) => {
    const member = kat[name]
    const [x, y] = [hex(kat.tmms.pub).slice(1, 33), hex(kat.tmms.pub).slice(33)].map((part) =>
      Buffer.from(part).toString('base64url'),
    )
    const tmmsKey = await importKeys({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' })
    const hello = await verifyHello(decodeHello(hex(member.suite1.hello)), {
      ...rules,
      token: { ...rules.token, keys: new Map([['t1', tmmsKey]]) },
    })
    expect(hello.memberId).toBe(member.suite1.member_id)
    expect(toHex(hello.hash)).toBe(member.suite1.hello_hash)
    expect(hello.claims.jkt).toBe(member.jkt)
    expect(hello.token).toBe(member.token)
  })

  it('are what we would write ourselves', async () => {
    const member = kat.member_A
    const identity = await katIdentity(member)
    const known = decodeHello(hex(member.suite1.hello))
    expect(identity.jkt).toBe(member.jkt)
    expect(toHex(encodeBody(known))).toBe(toHex(known.body))
    const signed = await signHello(known, identity)
    expect(toHex(signed.hash)).toBe(member.suite1.hello_hash)
    expect(await memberIdOf('s_1', identity.ikPub, known.nonce)).toBe(member.suite1.member_id)
  })

  it('are signed so that a second implementation agrees', async () => {
    const { Crypto } = await import('@peculiar/webcrypto')
    const { subtle } = new Crypto()
    const hello = decodeHello(hex(kat.member_B.suite1.hello))
    const key = await subtle.importKey('raw', hello.ikPub, P256, false, ['verify'])
    const signed = join(text('E2EE1 hello\0'), hello.body)
    const es256 = { name: 'ECDSA', hash: 'SHA-256' }
    expect(await subtle.verify(es256, key, hello.signature, signed)).toBe(true)
  })
})

describe('K9 the known HELLOs of suite 2', () => {
  it.each(['member_A', 'member_B', 'member_C'] as const)('%s has the known hash', async (name) => {
    const member = kat[name]
    const { publicKey: kemPub } = ml_kem768.keygen(hex(member.kem_seed))
    const classical = decodeHello(hex(member.suite1.hello))
    const body = encodeBody({ ...classical, suite: 2, kemPub })
    expect(toHex(await sha256(body))).toBe(member.suite2.hello_hash)
    const memberId = await memberIdOf(MSID, classical.ikPub, classical.nonce)
    expect(memberId).toBe(member.suite2.member_id)
  })
})

describe('a HELLO', () => {
  it('is accepted when everything is right', async () => {
    const identity = await newIdentity()
    expect(await refusal(await helloOf(identity))).toBe('accepted')
  })

  it('H1 is refused when the TCS swaps the ephemeral key', async () => {
    const bytes = await helloOf(await newIdentity())
    const hello = decodeHello(bytes)
    const forged = { ...hello, ekPub: (await makeEphemeral()).ekPub }
    expect(await refusal(join(encodeBody(forged), hello.signature))).toBe('E_HELLO_SIG')
  })

  it('H2 is refused when the TCS swaps the device key and signs anew', async () => {
    const hello = decodeHello(await helloOf(await newIdentity()))
    const attacker = await newIdentity()
    const forged = await signHello({ ...hello, ikPub: attacker.ikPub }, attacker)
    expect(await refusal(forged.bytes)).toBe('E_JKT')
  })

  it('H3 is refused from another meeting, another session, or with an expired token', async () => {
    const identity = await newIdentity()
    const withClaims = async (claims: object): Promise<Bytes> =>
      helloOf(identity, { token: (await fieldsFor(identity, claims)).token })
    expect(await refusal(await withClaims({ mid: 'm_2' }))).toBe('E_TOKEN_MEETING')
    expect(await refusal(await withClaims({ msid: 's_2' }))).toBe('E_TOKEN_MEETING')
    const nowMs = (START_S + 961) * 1000
    const late = { token: { ...rules.token, nowMs } }
    expect(await refusal(await helloOf(identity), late)).toBe('E_TOKEN_TIME')
  })

  it('H6 is refused in a suite that the meeting does not use', async () => {
    const identity = await newIdentity()
    const kemPub = new Uint8Array(1184)
    expect(await refusal(await helloOf(identity, { suite: 2, kemPub }))).toBe('E_SUITE')
    expect(await refusal(await helloOf(identity, { suite: 3 }))).toBe('E_SUITE')
    expect(await refusal(await helloOf(identity), { suite: 2 })).toBe('E_SUITE')
    expect(await refusal(await helloOf(identity, { kemPub }))).toBe('E_LEN')
  })

  it('H11 is refused in suite 2 with a KEM key of another length or beyond the modulus', async () => {
    const identity = await newIdentity()
    const { kemPub } = await nobleKem.generate()
    const verdict = async (kem: Bytes): Promise<string> =>
      refusal(await helloOf(identity, { suite: 2, kemPub: kem }), { suite: 2 })
    expect(await verdict(kemPub)).toBe('accepted')
    for (const length of [0, 32, 1183, 1185]) {
      expect(await verdict(new Uint8Array(length))).toBe('E_LEN')
    }
    expect(await verdict(new Uint8Array(1184).fill(255))).toBe('E_LEN')
  })

  it.each([
    ['the point at infinity', (ek: Bytes) => new Uint8Array(ek.length)],
    ['a point off the curve', (ek: Bytes) => ek.map((byte, i) => (i === 64 ? byte ^ 1 : byte))],
    ['a compressed point', (ek: Bytes) => ek.map((byte, i) => (i === 0 ? 2 : i > 32 ? 0 : byte))],
    ['coordinates of zero', (ek: Bytes) => ek.map((_, i) => (i === 0 ? 4 : 0))],
    ['coordinates beyond the field', (ek: Bytes) => ek.map((_, i) => (i === 0 ? 4 : 255))],
  ])('H11 is refused with %s as ephemeral key', async (_what, spoil) => {
    const identity = await newIdentity()
    const { ekPub } = await makeEphemeral()
    expect(await refusal(await helloOf(identity, { ekPub: spoil(ekPub) }))).toBe('E_LEN')
  })

  it('H11 H12 is refused with its device key in a second spelling', async () => {
    const identity = await newIdentity()
    // Hybrid form, SEC 1 section 2.3.3: OpenSSL reads it, and one device could be two members by it.
    const last = identity.ikPub[64] ?? 0
    const ikPub = identity.ikPub.with(0, 6 + (last & 1))
    expect(await refusal(await helloOf({ ...identity, ikPub }))).toBe('E_HELLO_SIG')
  })

  it('H11 is refused with a 33-byte point in place of the 65 bytes', async () => {
    const identity = await newIdentity()
    const fields = await fieldsFor(identity)
    const body = encodeBody({ ...fields, ekPub: fields.ekPub.slice(0, 33) })
    const signature = await signWith(identity, join(text('E2EE1 hello\0'), body))
    expect(await refusal(join(body, signature))).toMatch(/^E_(SHORT|LEN|TRAILING|EPOCH)$/)
  })

  it('H12 is refused with an ephemeral key that was there before', async () => {
    const bytes = await helloOf(await newIdentity())
    expect(await refusal(bytes, { ekSeen: () => true })).toBe('E_EK_REUSE')
  })

  it('H13 is refused with the token of somebody else', async () => {
    const [mine, theirs] = [await newIdentity(), await newIdentity()]
    const { token } = await fieldsFor(theirs)
    expect(await refusal(await helloOf(mine, { token }))).toBe('E_JKT')
  })

  it('H14 is refused when its link secret is not ours', async () => {
    const pskId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    expect(await refusal(await helloOf(await newIdentity(), { pskId }))).toBe('E_PSK')
  })

  it('is refused when it was made outside the life of its token', async () => {
    const identity = await newIdentity()
    const early = { createdMs: START_S * 1000 - 1 }
    const late = { createdMs: (START_S + 900) * 1000 + 1 }
    expect(await refusal(await helloOf(identity, early))).toBe('E_TOKEN_TIME')
    expect(await refusal(await helloOf(identity, late))).toBe('E_TOKEN_TIME')
  })

  it('names no predecessor in its first epoch and one in every other', async () => {
    const identity = await newIdentity()
    const prevHash = await sha256(text('before'))
    expect(await refusal(await helloOf(identity, { prevHash }))).toBe('E_EPOCH')
    expect(await refusal(await helloOf(identity, { epoch: 2 }))).toBe('E_EPOCH')
    expect(await refusal(await helloOf(identity, { epoch: 0 }))).toBe('E_EPOCH')
    expect(await refusal(await helloOf(identity, { epoch: 0, prevHash }))).toBe('E_EPOCH')
    expect(await refusal(await helloOf(identity, { epoch: 2, prevHash }))).toBe('accepted')
  })

  it('T1 is not even read when its token is no printable ASCII', async () => {
    const bytes = await helloOf(await newIdentity())
    // After u8, u8, u16 and the length of the token.
    const tokenAt = 6
    for (const byte of [0x00, 0x0a, 0x20, 0x7f, 0x80, 0xff]) {
      bytes[tokenAt] = byte
      expect(codeOfDecode(bytes), `byte ${byte}`).toBe('E_TOKEN_FORMAT')
    }
    for (const byte of [0x21, 0x7e]) {
      bytes[tokenAt] = byte
      expect(codeOfDecode(bytes), `byte ${byte}`).toBe('decoded 1')
    }
  })

  it('is refused when cut short or made longer at any place', async () => {
    const bytes = await helloOf(await newIdentity())
    for (let length = 0; length < bytes.length; length += 7) {
      expect(await refusal(bytes.slice(0, length))).not.toBe('accepted')
    }
    expect(await refusal(join(bytes, Uint8Array.of(0)))).toBe('E_TRAILING')
    expect(await refusal(new Uint8Array(8193).fill(1))).toBe('E_LEN')
  })

  it('H16 survives any bytes and any flipped bit', async () => {
    const bytes = await helloOf(await newIdentity())
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (i, x) => {
        const flipped = bytes.slice()
        flipped[i] = (flipped[i] ?? 0) ^ x
        expect(await refusal(flipped)).toMatch(/^E_(?!INTERNAL)/)
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (noise) => {
        expect(codeOfDecode(noise)).toMatch(/^E_(?!INTERNAL)/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a device key', () => {
  it('signs what verifies with its public half only', async () => {
    const [one, two] = [await newIdentity(), await newIdentity()]
    const signature = await signWith(one, text('hello'))
    expect(signature.byteLength).toBe(64)
    expect(await verifyFrom(one.ikPub, signature, text('hello'))).toBe(true)
    expect(await verifyFrom(two.ikPub, signature, text('hello'))).toBe(false)
    expect(await verifyFrom(new Uint8Array(65), signature, text('hello'))).toBe(false)
  })
})

function codeOfDecode(bytes: Uint8Array): string {
  try {
    const hello: Hello = decodeHello(bytes)
    return `decoded ${hello.epoch}`
  } catch (error) {
    return codeOf(error)
  }
}
