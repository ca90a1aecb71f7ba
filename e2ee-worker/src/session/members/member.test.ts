/** The pair keys with one member: which HELLOs they stand for, and what the KEM ciphertext has to do with them. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/clock.ts'
import { newIdentity } from '../../../test/network.ts'
import { MID, MSID, ORIGIN, START_S, fakeTmms, type FakeTmms } from '../../../test/tmms.ts'
import { codeOf } from '../../errors.ts'
import { ReceivePair, decodeEnvelope, type Envelope } from '../../messages/envelope.ts'
import { decodeHello, verifyHello, type VerifiedHello } from '../../messages/hello.ts'
import { nobleKem, type Kem } from '../../keys/kem.ts'
import { decodeControl } from '../../messages/control.ts'
import { derivePair, derivePsk } from '../../keys/pair.ts'
import { verifyToken, type Suite } from '../../trust/token.ts'
import { sha256, type Bytes } from '../../wire.ts'
import { Me } from './me.ts'
import { Member } from './member.ts'

/** Envelopes to a HELLO that was replaced are opened for this long. */
const PREVIOUS_MS = 30_000

let tmms: FakeTmms
let tokenKey: CryptoKey
let clock: FakeClock
/** Every secret that a KEM gave out. */
let secrets: Bytes[]

beforeAll(async () => {
  tmms = await fakeTmms()
  const P256 = { name: 'ECDSA', namedCurve: 'P-256' }
  tokenKey = await crypto.subtle.importKey('jwk', tmms.tokenJwk, P256, false, ['verify'])
})
beforeEach(() => {
  clock = new FakeClock()
  secrets = []
})

const pass = (ms: number): Promise<void> => clock.advance(ms, () => Promise.resolve())
const tmmsNow = (): number => START_S * 1000 + clock.now()
const tokenRules = () => ({
  ...{ keys: new Map([['t1', tokenKey]]), issuer: ORIGIN, mid: MID, msid: MSID },
  nowMs: tmmsNow(),
})

const watchedKem: Kem = {
  async generate() {
    const key = await nobleKem.generate()
    const decapsulate = async (ciphertext: Bytes): Promise<Bytes> => {
      const secret = await key.decapsulate(ciphertext)
      secrets.push(secret)
      return secret
    }
    return { kemPub: key.kemPub, decapsulate, erase: () => key.erase() }
  },
  async encapsulate(kemPub) {
    const encapsulated = await nobleKem.encapsulate(kemPub)
    secrets.push(encapsulated.secret)
    return encapsulated
  },
}

async function somebody(suite: Suite): Promise<Me> {
  const identity = await newIdentity()
  const token = await tmms.token(identity, { e2ee: { suites: [suite] } })
  const credential = { token, claims: await verifyToken(token, tokenRules()) }
  const owned = { identity, link: await derivePsk(null, MID), suite, kem: watchedKem }
  const me = await Me.create(owned, credential)
  await renew(me)
  return me
}

function renew(me: Me): Promise<void> {
  return me.renew(me.credential, { now: clock.now(), tmmsNow: tmmsNow() })
}

function helloOf(me: Me): Promise<VerifiedHello> {
  return verifyHello(decodeHello(me.current.hello), {
    ...{ suite: me.suite, token: tokenRules(), pskId: new Uint8Array(8) },
    ekSeen: () => false,
  })
}

/** Two members as each sees the other. */
async function couple(suite: Suite): Promise<{ ada: Me; bob: Me; toBob: Member; toAda: Member }> {
  const [ada, bob] = [await somebody(suite), await somebody(suite)]
  const toBob = new Member(await helloOf(bob), null, ada, clock)
  const toAda = new Member(await helloOf(ada), null, bob, clock)
  return { ada, bob, toBob, toAda }
}

async function sealed(to: Member): Promise<Envelope> {
  return decodeEnvelope(await to.seal({ type: 'bye' }))
}

function opened(by: Member, envelope: Envelope): Promise<string> {
  return by.open(envelope).then(({ plaintext }) => decodeControl(plaintext).type, codeOf)
}

describe('an envelope', () => {
  it('H5 under a HELLO that was replaced opens for half a minute', async () => {
    const { ada, toBob, toAda } = await couple(1)
    const [early, late] = [await sealed(toBob), await sealed(toBob)]
    await renew(ada)
    toAda.renew(await helloOf(ada))
    await pass(PREVIOUS_MS - 1)
    expect(await opened(toAda, early)).toBe('bye')
    await pass(1)
    expect(await opened(toAda, late)).toBe('E_EPOCH')
  })

  it('H5 to a HELLO of ours that was replaced opens for half a minute', async () => {
    const { bob, toBob, toAda } = await couple(1)
    const [early, late] = [await sealed(toBob), await sealed(toBob)]
    await renew(bob)
    await pass(PREVIOUS_MS - 1)
    expect(await opened(toAda, early)).toBe('bye')
    await pass(1)
    expect(await opened(toAda, late)).toBe('E_EPOCH')
  })

  it('H5 that names a HELLO nobody made is refused for that reason', async () => {
    const { ada, bob, toBob, toAda } = await couple(1)
    const envelope = await sealed(toBob)
    for (const me of [ada, bob]) await renew(me)
    toAda.renew(await helloOf(ada))
    for (const wrong of [{ epochFrom: 0 }, { epochFrom: 3 }, { epochTo: 0 }, { epochTo: 3 }]) {
      expect(await opened(toAda, { ...envelope, ...wrong })).toBe('E_EPOCH')
    }
    expect(await opened(toAda, envelope)).toBe('bye')
  })

  it('H5 in suite 2 without the KEM ciphertext is refused like any that does not open', async () => {
    const { toBob, toAda } = await couple(2)
    const envelope = await sealed(toBob)
    expect(await opened(toAda, { ...envelope, kemCt: new Uint8Array(0) })).toBe('E_ENV_AUTH')
    expect(await opened(toAda, envelope)).toBe('bye')
  })
})

describe('a pair key of suite 2', () => {
  it('H5 is bound to the KEM ciphertext and to both HELLOs, in this direction', async () => {
    const { ada, bob, toBob } = await couple(2)
    const envelope = await sealed(toBob)
    const ours = bob.current
    const input = {
      ...{ suite: 2, from: ada.memberId, to: bob.memberId },
      ...{ helloHashFrom: ada.current.hash, helloHashTo: ours.hash },
      ...{ ek: ours.ephemeral.privateKey, peerEk: (await helloOf(ada)).ek },
      psk: new Uint8Array(64),
    }
    const attempt = async (ciphertext: Bytes): Promise<string> => {
      const secret = await ours.kemKey!.decapsulate(envelope.kemCt)
      const kem = { secret, ciphertextHash: await sha256(ciphertext) }
      const pair = new ReceivePair(await derivePair({ ...input, kem }))
      return pair.open(envelope).then(({ plaintext }) => decodeControl(plaintext).type, codeOf)
    }
    expect(await attempt(envelope.kemCt)).toBe('bye')
    expect(await attempt(new Uint8Array(0))).toBe('E_ENV_AUTH')
  })

  it('leaves no secret of the KEM behind, at either end', async () => {
    const { toBob, toAda } = await couple(2)
    expect(await opened(toAda, await sealed(toBob))).toBe('bye')
    expect(secrets.map((secret) => secret.byteLength)).toEqual([32, 32])
    expect(secrets.flatMap((secret) => [...secret]).filter((byte) => byte !== 0)).toEqual([])
  })
})
