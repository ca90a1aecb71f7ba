/** Our own keys: which epochs still count, what may follow a token, and what is left at the end. */
import { beforeEach, describe, expect, it } from 'vitest'
import { newIdentity } from '../../../test/network.ts'
import { MID, START_S } from '../../../test/tmms.ts'
import { codeOf } from '../../errors.ts'
import { nobleKem, type Kem, type KemKey } from '../../keys/kem.ts'
import { derivePsk } from '../../keys/pair.ts'
import type { Claims } from '../../trust/token.ts'
import { Me } from './me.ts'

let made: KemKey[]
let claims: Claims
let me: Me

const watchedKem: Kem = {
  ...nobleKem,
  async generate() {
    const key = await nobleKem.generate()
    made.push(key)
    return key
  },
}
const renew = (now: number) => me.renew({ token: 't', claims }, { now, tmmsNow: START_S * 1000 })
const refusal = (change: Partial<Claims>) => {
  try {
    me.requireSuccessor({ ...claims, ...change })
    return 'follows'
  } catch (error) {
    return codeOf(error)
  }
}
/** Which of our KEM keys can still open something. */
const usable = () =>
  Promise.all(
    made.map(async (key) => {
      const { ciphertext } = await nobleKem.encapsulate(key.kemPub)
      return key.decapsulate(ciphertext).then(
        () => true,
        () => false,
      )
    }),
  )

beforeEach(async () => {
  made = []
  const identity = await newIdentity()
  claims = {
    ...{
      sub: 'u',
      name: 'U',
      mid: MID,
      msid: 's',
      role: 'participant',
      prm: [],
      jkt: identity.jkt,
    },
    ...{ iat: START_S, exp: START_S + 900, suites: [2], psk: false, vouch: false },
    policy: { messages: true, participants: 1000, mark: null },
  }
  const link = await derivePsk(new Uint8Array(32).fill(9), MID)
  me = await Me.create({ identity, link, suite: 2, kem: watchedKem }, { token: 't', claims })
})

describe('our ephemeral keys', () => {
  it('K7 are known by their epoch, and for half a minute by the one before', async () => {
    await renew(0)
    await renew(1000)
    const epochs = (now: number) => [0, 1, 2, 3].map((epoch) => me.epoch(epoch, now)?.epoch ?? null)
    expect(epochs(30_999)).toEqual([null, 1, 2, null])
    expect(epochs(31_000)).toEqual([null, null, 2, null])
  })

  it('K7 are erased when nobody may use them any longer', async () => {
    await renew(0)
    await renew(1000)
    me.forgetExpired(30_999)
    expect(await usable()).toEqual([true, true])
    me.forgetExpired(31_000)
    expect(await usable()).toEqual([false, true])
    await renew(40_000)
    await renew(41_000)
    expect(await usable()).toEqual([false, false, true, true])
  })

  it('are erased at the end, with what the link carried', async () => {
    await renew(0)
    await renew(1000)
    me.erase()
    expect(await usable()).toEqual([false, false])
    expect(me.link.psk).toEqual(new Uint8Array(64))
    expect([1, 2].map((epoch) => me.epoch(epoch, 1001))).toEqual([null, null])
  })

  it('are not to be had before the first HELLO, nor after the end', async () => {
    expect(() => me.current).toThrow('E_STATE')
    await renew(0)
    expect(me.current.epoch).toBe(1)
    me.erase()
    expect(() => me.current).toThrow('E_STATE')
  })
})

it('T7 a token follows ours when device, person, suite and link stay, and it is no older', () => {
  expect(refusal({})).toBe('follows')
  expect(refusal({ iat: START_S + 1, role: 'moderator', name: 'V' })).toBe('follows')
  expect(refusal({ jkt: 'other' })).toBe('E_JKT')
  expect(refusal({ sub: 'other' })).toBe('E_TOKEN_MEETING')
  for (const suites of [[1], [1, 2], [], [3]]) expect(refusal({ suites })).toBe('E_SUITE')
  expect(refusal({ psk: true })).toBe('E_PSK')
  expect(refusal({ iat: START_S - 1 })).toBe('E_TOKEN_TIME')
})
