import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import { ORIGIN, fakeTmms, signKeySet, signRootChange, type FakeTmms } from '../../test/tmms.ts'
import { verifyKeySet, type Trust } from './key-set.ts'
import { memoryStore, type Store } from './store.ts'

/** Three roots in a row, as an organisation changes them in twenty years, and one of somebody else. */
let first: FakeTmms
let second: FakeTmms
let third: FakeTmms
let stranger: FakeTmms
let links: readonly [string, string]
let store: Store

beforeAll(async () => {
  ;[first, second, third, stranger] = await Promise.all([
    fakeTmms(),
    fakeTmms(),
    fakeTmms(),
    fakeTmms(),
  ])
  links = [await signRootChange(first, second.rootJwk), await signRootChange(second, third.rootJwk)]
})
beforeEach(() => {
  store = memoryStore()
})

function setOf(root: FakeTmms, chain: unknown): Promise<string> {
  return signKeySet(root.rootKey, root.rootJwk, { keys: [root.tokenJwk], chain })
}

async function trust(pin: string | null, keySet: string, nowMs = 7): Promise<Trust> {
  return verifyKeySet({ origin: ORIGIN, keySet, pin, nowMs }, store)
}

async function check(pin: string | null, keySet: string): Promise<string> {
  return trust(pin, keySet).then(({ pinSource }) => pinSource, codeOf)
}

function remember(root: FakeTmms, source: 'link' | 'tofu' = 'link'): Promise<void> {
  return store.keepPin(ORIGIN, { thumbprint: root.pin, source, since: 1 })
}

describe('a changed root', () => {
  it('H15 is followed by a remembered pin when the former root signed the change', async () => {
    await remember(first)
    const followed = await trust(null, await setOf(third, links), 9)
    expect(followed).toMatchObject({ pinSource: 'stored', pinSince: 9, rootChanged: true })
    expect(await store.pin(ORIGIN)).toMatchObject({
      thumbprint: third.pin,
      source: 'link',
      since: 9,
    })
    const again = await trust(null, await setOf(third, links), 11)
    expect(again).toMatchObject({ pinSource: 'stored', pinSince: 9, rootChanged: false })
  })

  it('keeps what is known of how the pin came, and lets a link better it', async () => {
    await remember(first, 'tofu')
    await trust(null, await setOf(second, [links[0]]))
    expect(await store.pin(ORIGIN)).toMatchObject({ thumbprint: second.pin, source: 'tofu' })
    await trust(first.pin, await setOf(third, links))
    expect(await store.pin(ORIGIN)).toMatchObject({ thumbprint: third.pin, source: 'link' })
  })

  it('H15 is followed from the pin of an old link, on first contact and later', async () => {
    const keySet = await setOf(third, links)
    expect(await trust(first.pin, keySet)).toMatchObject({ pinSource: 'link', rootChanged: true })
    expect(await store.pin(ORIGIN)).toMatchObject({ thumbprint: third.pin, source: 'link' })
    expect(await trust(second.pin, keySet)).toMatchObject({ rootChanged: false })
    expect(await trust(third.pin, keySet)).toMatchObject({ rootChanged: false })
  })

  it('H15 is refused without the chain, or with one that begins too late', async () => {
    await remember(first)
    for (const chain of [undefined, [], [links[1]]]) {
      expect(await check(null, await setOf(third, chain))).toBe('E_PIN')
    }
    expect(await store.pin(ORIGIN)).toMatchObject({ thumbprint: first.pin, since: 1 })
  })

  it('H15 is refused when the link pins a root outside the chain, whatever is remembered', async () => {
    await remember(first)
    expect(await check(stranger.pin, await setOf(third, links))).toBe('E_PIN')
    await remember(stranger)
    expect(await check(first.pin, await setOf(third, links))).toBe('E_PIN')
  })

  it('H15 does not go back: a set of the former root is refused afterwards', async () => {
    await remember(first)
    expect(await check(null, await setOf(second, [links[0]]))).toBe('stored')
    expect(await check(null, await setOf(first, []))).toBe('E_PIN')
    expect(await check(first.pin, await setOf(first, []))).toBe('E_PIN')
  })

  it('H15 is refused when a link is missing, doubled, out of order or leads elsewhere', async () => {
    const back = await signRootChange(second, first.rootJwk)
    const self = await signRootChange(third, third.rootJwk)
    const chains: readonly (readonly string[])[] = [
      [links[1], links[0]],
      [links[0]],
      [links[0], links[0], links[1]],
      [links[0], back, links[0], links[1]],
      [...links, self],
      // The right beginning and the right end, and nothing in between that the former root signed.
      [links[0], await signRootChange(stranger, third.rootJwk)],
      [...links, await signRootChange(third, stranger.rootJwk)],
    ]
    for (const chain of chains) {
      store = memoryStore()
      expect(await check(first.pin, await setOf(third, chain))).toBe('E_PIN')
      // Not even the current root may bring such a chain along.
      expect(await check(third.pin, await setOf(third, chain))).toBe('E_PIN')
    }
  })

  it.each<[string, { payload?: object; header?: object }]>([
    ['another type', { header: { typ: 'jwks+jwt' } }],
    ['the type of a token', { header: { typ: 'meeting+jwt' } }],
    ['no type', { header: { typ: undefined } }],
    ['more in its header', { header: { kid: 'x' } }],
    ['a foreign issuer', { payload: { iss: 'https://evil.example' } }],
    ['no issuer', { payload: { iss: undefined } }],
    ['no root', { payload: { root: undefined } }],
    ['a root of another kind', { payload: { root: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } } }],
  ])('H15 is refused when the change has %s', async (_what, change) => {
    const link = await signRootChange(first, second.rootJwk, change)
    expect(await check(first.pin, await setOf(second, [link]))).toBe('E_PIN')
  })

  it('H15 is refused when the former root calls itself a key of another kind', async () => {
    const jwk = { ...first.rootJwk, crv: 'P-384' }
    const link = await signRootChange(first, second.rootJwk, { header: { jwk } })
    expect(await check(first.pin, await setOf(second, [link]))).toBe('E_PIN')
  })

  it('H15 is refused when another key signed the change in the name of the former root', async () => {
    const forged = await signRootChange(
      { rootKey: stranger.rootKey, rootJwk: first.rootJwk },
      stranger.rootJwk,
    )
    expect(await check(first.pin, await setOf(stranger, [forged]))).toBe('E_PIN')
    // What a stranger signs in its own name leads from nowhere.
    const foreign = await signRootChange(stranger, second.rootJwk)
    expect(await check(first.pin, await setOf(second, [foreign]))).toBe('E_PIN')
  })

  it('is refused with a chain that is none, or longer than anybody needs', async () => {
    for (const chain of [{}, 'x', [1], ['a.b.c'], [`${links[0]}=`], new Array(17).fill(links[0])]) {
      expect(await check(first.pin, await setOf(second, chain))).toBe('E_TOKEN_FORMAT')
    }
  })

  it('is followed over sixteen changes', async () => {
    const roots = await Promise.all(Array.from({ length: 17 }, () => fakeTmms()))
    const chain: string[] = []
    for (const [i, next] of roots.slice(1).entries()) {
      chain.push(await signRootChange(roots[i]!, next.rootJwk))
    }
    expect(await check(roots[0]!.pin, await setOf(roots[16]!, chain))).toBe('link')
  })
})
