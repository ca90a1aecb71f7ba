import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/clock.ts'
import { newIdentity } from '../../../test/network.ts'
import { MID, MSID, ORIGIN, START_S, fakeTmms, type FakeTmms } from '../../../test/tmms.ts'
import { codeOf } from '../../errors.ts'
import { signHello } from '../../messages/hello.ts'
import { nobleKem } from '../../keys/kem.ts'
import { derivePsk, makeEphemeral } from '../../keys/pair.ts'
import { verifyToken } from '../../trust/token.ts'
import { Me } from './me.ts'
import { Members, type AdmissionRules } from './members.ts'

/** Past the end of a token and the minute of grace. */
const EXPIRED_MS = 961_000

let tmms: FakeTmms
let tokenKey: CryptoKey
let clock: FakeClock

beforeAll(async () => {
  tmms = await fakeTmms()
  const P256 = { name: 'ECDSA', namedCurve: 'P-256' }
  tokenKey = await crypto.subtle.importKey('jwk', tmms.tokenJwk, P256, false, ['verify'])
})
beforeEach(() => {
  clock = new FakeClock()
})

const tmmsNow = (): number => START_S * 1000 + clock.now()
const rulesNow = (): AdmissionRules => ({
  token: {
    ...{ keys: new Map([['t1', tokenKey]]), issuer: ORIGIN, mid: MID, msid: MSID },
    nowMs: tmmsNow(),
  },
  ...{ suite: 1, pskId: new Uint8Array(8) },
  refusalOf: () => null,
})

/** Somebody with a device of their own, who has said HELLO once. */
async function somebody(identity?: Me['identity'], sub?: string): Promise<Me> {
  identity ??= await newIdentity()
  const link = await derivePsk(null, MID)
  const credential = await credentialOf(identity, sub)
  const me = await Me.create({ identity, link, suite: 1, kem: nobleKem }, credential)
  await me.renew(credential, { now: clock.now(), tmmsNow: tmmsNow() })
  return me
}

async function credentialOf(identity: Me['identity'], sub?: string): Promise<Me['credential']> {
  const iat = Math.floor(tmmsNow() / 1000)
  const e2ee = { suites: [1], psk: false, vouch: false }
  const person = sub === undefined ? {} : { sub }
  const claims = { iat, nbf: iat, exp: iat + 900, e2ee, ...person }
  const token = await tmms.token(identity, claims)
  return { token, claims: await verifyToken(token, rulesNow().token) }
}

async function renew(me: Me): Promise<void> {
  const credential = await credentialOf(me.identity)
  await me.renew(credential, { now: clock.now(), tmmsNow: tmmsNow() })
}

async function room(
  limits: { present?: number; known?: number; stays?: number; seenKeys?: number } = {},
): Promise<Members> {
  return new Members(await somebody(), clock, limits)
}

function admit(members: Members, me: Me, hello = me.current.hello): Promise<string> {
  return members.admit(hello, me.memberId, rulesNow()).then(({ kind }) => kind, codeOf)
}

function goes(members: Members, me: Me): void {
  members.remove(members.get(me.memberId)!)
}

it('H13 a HELLO counts only for the member id that it stands for', async () => {
  const members = await room()
  const [ada, bob] = [await somebody(), await somebody()]
  const code = await members.admit(ada.current.hello, bob.memberId, rulesNow()).catch(codeOf)
  expect(code).toBe('E_HELLO_SIG')
  expect(members.size).toBe(0)
})

describe('H4 somebody who went', () => {
  it('comes back by a newer HELLO only', async () => {
    const members = await room()
    const ada = await somebody()
    const first = ada.current.hello
    await renew(ada)
    await admit(members, ada)
    goes(members, ada)
    expect(await admit(members, ada)).toBe('outdated')
    expect(await admit(members, ada, first)).toBe('E_EPOCH')
    await renew(ada)
    expect(await admit(members, ada)).toBe('new')
  })

  it('is not forgotten, whoever else comes and goes, while the HELLO can be played again', async () => {
    const members = await room({ known: 3, seenKeys: 100 })
    const ada = await somebody()
    await admit(members, ada)
    goes(members, ada)
    for (const expected of ['new', 'new', 'E_STATE', 'E_STATE']) {
      const other = await somebody()
      expect(await admit(members, other)).toBe(expected)
      if (expected === 'new') goes(members, other)
    }
    expect(await admit(members, ada)).toBe('outdated')
    await clock.advance(EXPIRED_MS, () => Promise.resolve())
    expect(await admit(members, await somebody())).toBe('new')
    expect(await admit(members, ada)).toBe('E_TOKEN_TIME')
  })

  it('again and again under new names takes the room of no other', async () => {
    const members = await room({ stays: 3 })
    const { identity } = await somebody()
    for (let stay = 0; stay < 3; stay++) {
      const me = await somebody(identity)
      expect(await admit(members, me)).toBe('new')
      goes(members, me)
    }
    expect(await admit(members, await somebody(identity))).toBe('E_STATE')
    expect(await admit(members, await somebody())).toBe('new')
    await clock.advance(EXPIRED_MS, () => Promise.resolve())
    expect(await admit(members, await somebody(identity))).toBe('new')
  })

  it('leaves room for all who are still here', async () => {
    const members = await room({ known: 2, seenKeys: 100 })
    const [ada, bob] = [await somebody(), await somebody()]
    for (const me of [ada, bob]) expect(await admit(members, me)).toBe('new')
    expect(await admit(members, await somebody())).toBe('E_STATE')
    for (const me of [ada, bob]) goes(members, me)
    expect(await admit(members, ada)).toBe('outdated')
    expect(await admit(members, bob)).toBe('outdated')
  })
})

describe('a HELLO of a member that is known', () => {
  /** Signed by its device, but saying what no honest worker would. */
  const signed = async (me: Me, { epoch = 2, sub = '' }): Promise<Me['current']['hello']> => {
    const { token } = sub === '' ? me.credential : await credentialOf(me.identity, sub)
    const { ekPub } = await makeEphemeral()
    const { identity, nonce, current, suite } = me
    const keys = { ikPub: identity.ikPub, nonce, ekPub, kemPub: new Uint8Array(0) }
    const said = { suite, token, epoch, createdMs: tmmsNow(), prevHash: current.hash }
    return (await signHello({ ...keys, ...said, pskId: me.link.pskId }, identity)).bytes
  }
  const answer = async (me: Me, members: Members, said: { epoch?: number; sub?: string }) =>
    admit(members, me, await signed(me, said))

  it('takes the next epoch, and names the HELLO before it', async () => {
    const members = await room()
    const ada = await somebody()
    await admit(members, ada)
    await renew(ada)
    await admit(members, ada)
    for (const epoch of [1, 2]) expect(await answer(ada, members, { epoch })).toBe('E_EPOCH')
    expect(await answer(ada, members, { epoch: 3 })).toBe('renewed')
  })

  it('makes it nobody else', async () => {
    const members = await room()
    const ada = await somebody()
    await admit(members, ada)
    expect(await answer(ada, members, { sub: 'u_other' })).toBe('E_EPOCH')
    goes(members, ada)
    expect(await answer(ada, members, { sub: 'u_other' })).toBe('E_EPOCH')
    expect(await answer(ada, members, {})).toBe('new')
  })
})

describe('H12 ephemeral keys', () => {
  it('are not forgotten while the HELLO that showed them can be played again', async () => {
    const members = await room({ known: 100, seenKeys: 2 })
    const ada = await somebody()
    const first = ada.current.hello
    await admit(members, ada)
    await renew(ada)
    await admit(members, ada)
    expect(await admit(members, await somebody())).toBe('E_STATE')
    expect(await admit(members, ada, first)).toBe('E_EK_REUSE')
    await clock.advance(EXPIRED_MS, () => Promise.resolve())
    expect(await admit(members, await somebody())).toBe('new')
  })

  it('of one member are not taken without measure, so nobody fills the memory alone', async () => {
    const members = await room()
    const ada = await somebody()
    await admit(members, ada)
    for (let n = 1; n < 24; n++) {
      await renew(ada)
      expect(await admit(members, ada)).toBe('renewed')
    }
    await renew(ada)
    expect(await admit(members, ada)).toBe('E_STATE')
    await clock.advance(10_000, () => Promise.resolve())
    await renew(ada)
    expect(await admit(members, ada)).toBe('renewed')
  })

  it('are not taken from a device without measure, however often it goes and comes', async () => {
    const members = await room()
    const ada = await somebody()
    let taken = 0
    for (let n = 0; n < 40; n++) {
      if ((await admit(members, ada)) === 'new') taken++
      if (members.get(ada.memberId)) goes(members, ada)
      await renew(ada)
    }
    expect(taken).toBe(24)
    await clock.advance(10_000, () => Promise.resolve())
    expect(await admit(members, await somebody(ada.identity))).toBe('new')
    expect(await admit(members, await somebody())).toBe('new')
  })
})

describe('H12 a second session of a device', () => {
  it('takes the place of the first one only when that was cut off', async () => {
    const members = await room()
    const first = await somebody()
    await admit(members, first)
    await clock.advance(1000, () => Promise.resolve())
    const second = await somebody(first.identity)
    expect(await admit(members, second)).toBe('E_STATE')
    members.setState(members.get(first.memberId)!, 'lost')
    const admission = await members.admit(second.current.hello, second.memberId, rulesNow())
    expect(admission).toMatchObject({ kind: 'new', replaces: { memberId: first.memberId } })
  })

  it('is refused for another person', async () => {
    const members = await room()
    const first = await somebody()
    await admit(members, first)
    members.setState(members.get(first.memberId)!, 'lost')
    await clock.advance(1000, () => Promise.resolve())
    expect(await admit(members, await somebody(first.identity, 'u_other'))).toBe('E_STATE')
  })

  it('is refused when it is the earlier one, which a server kept until now', async () => {
    const members = await room()
    const earlier = await somebody()
    await clock.advance(1000, () => Promise.resolve())
    const later = await somebody(earlier.identity)
    await admit(members, later)
    members.setState(members.get(later.memberId)!, 'lost')
    expect(await admit(members, earlier)).toBe('E_STATE')
  })
})

it('nobody is let in beyond what a meeting holds', async () => {
  const members = await room({ present: 2 })
  const [ada, bob] = [await somebody(), await somebody()]
  for (const me of [ada, bob]) expect(await admit(members, me)).toBe('new')
  const third = await somebody()
  expect(await admit(members, third)).toBe('E_STATE')
  await renew(ada)
  expect(await admit(members, ada)).toBe('renewed')
  goes(members, bob)
  expect(await admit(members, third)).toBe('new')
})

describe('K2 the keys of a member', () => {
  const baseKey = new Uint8Array(64).fill(7)
  const withKey = async (members: Members) => {
    const ada = await somebody()
    await admit(members, ada)
    const { keys } = members.get(ada.memberId)!
    keys.accept({ gen: 3, step: 0, baseKey, streams: [] })
    return { ada, keys }
  }

  it('are erased when it goes', async () => {
    const members = await room()
    const { ada, keys } = await withKey(members)
    goes(members, ada)
    expect(keys.newest()).toBeNull()
  })

  it('are erased when the session ends', async () => {
    const members = await room()
    const { keys } = await withKey(members)
    members.erase()
    expect(keys.newest()).toBeNull()
    expect(members.size).toBe(0)
  })
})
