import { generateKeyPair } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import { fakeTcs } from '../../test/tcs.ts'
import { ORIGIN, START_S, fakeTmms, signKeySet, type FakeTmms } from '../../test/tmms.ts'
import { verifyKeySet } from './key-set.ts'
import { memoryStore, type Store } from './store.ts'

let tmms: FakeTmms
let other: FakeTmms
let store: Store

beforeAll(async () => {
  tmms = await fakeTmms()
  other = await fakeTmms()
})
beforeEach(() => {
  store = memoryStore()
})

function check(pin: string | null, keySet = tmms.keySet): Promise<string> {
  return verifyKeySet({ origin: ORIGIN, keySet, pin, nowMs: 7 }, store).then(
    (trust) => trust.pinSource,
    codeOf,
  )
}

describe('the signed key set', () => {
  it('is trusted when its root is the one in the link, which is then remembered', async () => {
    expect(await check(tmms.pin)).toBe('link')
    expect(await store.pin(ORIGIN)).toMatchObject({
      ...{ thumbprint: tmms.pin, source: 'link', since: 7 },
    })
    expect(await check(null)).toBe('stored')
  })

  it('is trusted on first contact without a link pin, and only that root from then on', async () => {
    expect(await check(null)).toBe('tofu')
    expect(await check(null, other.keySet)).toBe('E_PIN')
  })

  it('lets a link confirm a first contact', async () => {
    await check(null)
    expect(await check(tmms.pin)).toBe('link')
    expect((await store.pin(ORIGIN))?.source).toBe('link')
  })

  it('H15 is refused when its root is not the pinned one', async () => {
    expect(await check(other.pin)).toBe('E_PIN')
    expect(await store.pin(ORIGIN)).toBeUndefined()
  })

  it('H15 is refused when link and remembered pin differ, whichever it matches', async () => {
    await check(tmms.pin)
    expect(await check(other.pin, other.keySet)).toBe('E_PIN')
    expect(await check(other.pin, tmms.keySet)).toBe('E_PIN')
    expect((await store.pin(ORIGIN))?.thumbprint).toBe(tmms.pin)
  })

  it('H15 is refused when another key signed it under the pinned root', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const forged = await signKeySet(privateKey, tmms.rootJwk, { keys: [tmms.tokenJwk] })
    expect(await check(tmms.pin, forged)).toBe('E_PIN')
    expect(await check(null, forged)).toBe('E_PIN')
    expect(await store.pin(ORIGIN)).toBeUndefined()
  })

  it('is refused for another origin', async () => {
    const moved = await signKeySet(tmms.rootKey, tmms.rootJwk, {
      iss: 'https://evil.example',
      keys: [tmms.tokenJwk],
    })
    expect(await check(tmms.pin, moved)).toBe('E_PIN')
  })

  it.each([
    ['no keys', { keys: [] }],
    ['keys that are none', { keys: [null] }],
    ['a key without id', { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] }],
    ['a point off the curve', { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 't' }] }],
  ])('is refused with %s', async (_what, payload) => {
    const keySet = await signKeySet(tmms.rootKey, tmms.rootJwk, payload)
    expect(await check(tmms.pin, keySet)).toBe('E_TOKEN_FORMAT')
  })

  it('is refused with a key that has no name, or a root that calls itself another kind', async () => {
    const keys = [tmms.tokenJwk]
    for (const kid of [undefined, 7, null]) {
      const payload = { keys: [...keys, { ...tmms.tokenJwk, kid }] }
      const keySet = await signKeySet(tmms.rootKey, tmms.rootJwk, payload)
      expect(await check(tmms.pin, keySet)).toBe('E_TOKEN_FORMAT')
    }
    const header = { jwk: { ...tmms.rootJwk, crv: 'P-384' } }
    const odd = await signKeySet(tmms.rootKey, tmms.rootJwk, { keys }, header)
    expect(await check(tmms.pin, odd)).toBe('E_TOKEN_FORMAT')
  })

  it('is refused with more keys than any TMMS has', async () => {
    const named = (n: number) =>
      Array.from({ length: n }, (_, kid) => ({ ...tmms.tokenJwk, kid: `${kid}` }))
    const of = (payload: Record<string, unknown>) => signKeySet(tmms.rootKey, tmms.rootJwk, payload)
    expect(await check(tmms.pin, await of({ keys: named(16) }))).toBe('link')
    expect(await check(tmms.pin, await of({ keys: named(17) }))).toBe('E_TOKEN_FORMAT')
    const tcs = await Promise.all(Array.from({ length: 65 }, async () => (await fakeTcs()).jwk))
    const keys = named(1)
    expect(await check(tmms.pin, await of({ keys, tcs: tcs.slice(1) }))).toBe('link')
    expect(await check(tmms.pin, await of({ keys, tcs }))).toBe('E_TOKEN_FORMAT')
  })

  describe('H15 that newer ones have replaced', () => {
    const DAY = 24 * 60 * 60
    const issued = (iat: unknown): Promise<string> =>
      signKeySet(tmms.rootKey, tmms.rootJwk, { keys: [tmms.tokenJwk], iat })
    const checkAt = async (nowS: number, iat: unknown): Promise<string> =>
      verifyKeySet(
        { origin: ORIGIN, keySet: await issued(iat), pin: tmms.pin, nowMs: nowS * 1000 },
        store,
      ).then(({ pinSource }) => pinSource, codeOf)

    it('is refused, because a key that it names may have been stolen since', async () => {
      const now = START_S + 100 * DAY
      expect(await checkAt(now, now)).toBe('link')
      expect(await checkAt(now, now - 2 * DAY - 1)).toBe('E_KEY_SET_OLD')
      expect(await checkAt(now - 50 * DAY, now - 3 * DAY)).toBe('E_KEY_SET_OLD')
      expect(await checkAt(now, now - 2 * DAY)).toBe('link')
      expect(await checkAt(now + DAY, now + DAY)).toBe('link')
      expect(await checkAt(now + DAY, now - 2 * DAY)).toBe('E_KEY_SET_OLD')
    })

    it('is not one that follows a set from far in the future: the clock was wrong then', async () => {
      const now = START_S
      expect(await checkAt(now, now + 400 * DAY)).toBe('link')
      expect(await checkAt(now, now)).toBe('link')
    })

    it('is no key set when it does not say how old it is', async () => {
      expect(await checkAt(START_S, undefined)).toBe('E_TOKEN_FORMAT')
      expect(await checkAt(START_S, '1767225600')).toBe('E_TOKEN_FORMAT')
    })

    it('is told from a first contact, and from a pin of an earlier version', async () => {
      const pin = { thumbprint: tmms.pin, source: 'link', since: 7 } as const
      await store.keepPin(ORIGIN, pin)
      expect(await checkAt(START_S + DAY, START_S + DAY)).toBe('link')
      expect(await store.pin(ORIGIN)).toEqual({ ...pin, newestSet: (START_S + DAY) * 1000 })
    })
  })

  it('names the TCS that may be believed, each for its origin; or none', async () => {
    const { jwk, kid } = tmms.tcs
    const trust = (payload: object): Promise<unknown> =>
      signKeySet(tmms.rootKey, tmms.rootJwk, { keys: [tmms.tokenJwk], ...payload })
        .then((keySet) => verifyKeySet({ origin: ORIGIN, keySet, pin: null, nowMs: 7 }, store))
        .then(
          ({ tcsKeys }) => [...tcsKeys].map(([id, { origin }]) => [id, origin]),
          (error: unknown) => codeOf(error),
        )
    expect(await trust({ tcs: [jwk] })).toEqual([[kid, 'https://tcs.example']])
    expect(await trust({})).toEqual([])
    for (const entry of [null, { ...jwk, kid: 'k' }, { ...jwk, origin: 1 }, { ...jwk, y: 'AA' }]) {
      expect(await trust({ tcs: [entry] })).toBe('E_TOKEN_FORMAT')
    }
    expect(await trust({ tcs: [jwk, { ...jwk, origin: 'https://b.example' }] })).toBe(
      'E_TOKEN_FORMAT',
    )
    expect(await trust({ tcs: {} })).toBe('E_TOKEN_FORMAT')
  })

  it('H16 is refused in a second spelling, or with advice in its header', async () => {
    expect(await check(tmms.pin, `${tmms.keySet}=`)).toBe('E_TOKEN_FORMAT')
    const extra = { crit: ['b64'], b64: true }
    const header = await signKeySet(tmms.rootKey, tmms.rootJwk, { keys: [tmms.tokenJwk] }, extra)
    expect(await check(tmms.pin, header)).toBe('E_TOKEN_FORMAT')
  })

  it('is refused when it is something else', async () => {
    const token = await signKeySet(tmms.rootKey, tmms.rootJwk, {}, { typ: 'meeting+jwt' })
    for (const keySet of ['', 'x', 'a.b.c', token, 'x'.repeat(20_000)]) {
      expect(await check(null, keySet)).toBe('E_TOKEN_FORMAT')
    }
  })
})
