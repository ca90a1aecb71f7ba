import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import { Network, type Node } from '../../test/network.ts'
import { TCS_ORIGIN, fakeTcs, type Asked, type FakeTcs, type Transport } from '../../test/tcs.ts'
import { signKeySet } from '../../test/tmms.ts'

const TRANSPORT: Transport = {
  transportId: '5d3a',
  direction: 'send',
  fingerprints: [
    { algorithm: 'sha-256', value: 'AB:CD' },
    { algorithm: 'sha-512', value: 'EF' },
  ],
}
let network: Network
let tcs: FakeTcs
let node: Node
let asked: Asked

beforeEach(async () => {
  network = await Network.open()
  tcs = network.tmms.tcs
  node = await network.join()
  asked = await prove()
})

function prove(tcsOrigin = TCS_ORIGIN): Promise<Asked> {
  return node.session.server.prove({ challenge: new Uint8Array(32), tcsOrigin })
}

function check(signature: Uint8Array, claim: object = {}): Promise<string> {
  const answer = { tcsOrigin: TCS_ORIGIN, kid: tcs.kid, signature, ...claim }
  return node.session.server.check(answer).then(() => 'believed', codeOf)
}

function checkTransport(signature: Uint8Array, shown: Transport = TRANSPORT): Promise<string> {
  const proof = { ...shown, signature }
  return node.session.server.checkTransport(proof).then(() => 'believed', codeOf)
}

describe('the identity of the TCS', () => {
  it('is believed when a certified key of its origin signed challenge, token and member', async () => {
    expect(await check(tcs.signIdentity(asked, node.id))).toBe('believed')
  })

  it('asks anew with every connection', async () => {
    const again = await prove()
    expect(again.clientChallenge).toHaveLength(32)
    expect(again.clientChallenge).not.toEqual(asked.clientChallenge)
    expect(await check(tcs.signIdentity(asked, node.id))).toBe('E_TCS')
    expect(await check(tcs.signIdentity(again, node.id))).toBe('believed')
  })

  it('M6 is refused for a key that the TMMS does not certify, whatever it calls itself', async () => {
    const rogue = await fakeTcs()
    const signature = rogue.signIdentity(asked, node.id)
    expect(await check(signature)).toBe('E_TCS')
    expect(await check(signature, { kid: rogue.kid })).toBe('E_TCS')
    expect(await check(signature, { kid: '__proto__' })).toBe('E_TCS')
  })

  it('M6 is refused for a TCS certified for another origin', async () => {
    const evil = 'https://other.example'
    expect(await check(tcs.signIdentity(asked, node.id, evil))).toBe('E_TCS')
    asked = await prove(evil)
    expect(await check(tcs.signIdentity(asked, node.id, evil), { tcsOrigin: evil })).toBe('E_TCS')
    expect(await check(tcs.signIdentity(asked, node.id))).toBe('E_TCS')
    // Nor may a certified one answer for a connection that was opened to somebody else.
    expect(await check(tcs.signIdentity(asked, node.id, evil))).toBe('E_TCS')
  })

  it('M6 is refused for an answer about another token or another member', async () => {
    const token = await network.token(node.identity)
    expect(await check(tcs.signIdentity({ ...asked, token }, node.id))).toBe('E_TCS')
    expect(await check(tcs.signIdentity(asked, 'ab'.repeat(16)))).toBe('E_TCS')
    expect(await check(new Uint8Array(64))).toBe('E_TCS')
    expect(await check(new Uint8Array(0))).toBe('E_TCS')
  })

  it('is about the token that was handed out, even when a newer one has come since', async () => {
    await network.advance(1000)
    await network.renew(node)
    expect(await check(tcs.signIdentity(asked, node.id))).toBe('believed')
  })

  it('M6 is refused before anything was asked, and for a key set that certifies no TCS', async () => {
    const { rootKey, rootJwk, tokenJwk } = network.tmms
    const keySet = await signKeySet(rootKey, rootJwk, { keys: [tokenJwk] })
    node = await network.join({ start: { keySet } })
    expect(await check(tcs.signIdentity(asked, node.id))).toBe('E_TCS')
    asked = await prove()
    expect(await check(tcs.signIdentity(asked, node.id))).toBe('E_TCS')
  })
})

describe('a transport of the TCS', () => {
  it('is believed when the TCS that proved itself signed its fingerprints', async () => {
    expect(await check(tcs.signIdentity(asked, node.id))).toBe('believed')
    expect(await checkTransport(tcs.signTransport(asked, TRANSPORT))).toBe('believed')
    const receiving: Transport = { ...TRANSPORT, direction: 'recv' }
    expect(await checkTransport(tcs.signTransport(asked, receiving), receiving)).toBe('believed')
  })

  it('M6 is refused before the TCS has proved itself, and after a proof that failed', async () => {
    const signature = tcs.signTransport(asked, TRANSPORT)
    expect(await checkTransport(signature)).toBe('E_TCS')
    await check(tcs.signIdentity(asked, node.id))
    await check(new Uint8Array(64))
    expect(await checkTransport(signature)).toBe('E_TCS')
  })

  it('M6 is refused when it was signed for an earlier connection', async () => {
    const stale = tcs.signTransport(asked, TRANSPORT)
    asked = await prove()
    expect(await checkTransport(tcs.signTransport(asked, TRANSPORT))).toBe('E_TCS')
    await check(tcs.signIdentity(asked, node.id))
    expect(await checkTransport(stale)).toBe('E_TCS')
    expect(await checkTransport(tcs.signTransport(asked, TRANSPORT))).toBe('believed')
  })

  it.each<[string, Partial<Transport>]>([
    ['another id', { transportId: '5d3b' }],
    ['the other direction', { direction: 'recv' }],
    ['another fingerprint', { fingerprints: [{ algorithm: 'sha-256', value: 'AB:CE' }] }],
    ['one fingerprint less', { fingerprints: TRANSPORT.fingerprints.slice(0, 1) }],
    ['another order', { fingerprints: TRANSPORT.fingerprints.toReversed() }],
    ['a border moved', { fingerprints: [{ algorithm: 'sha-256A', value: 'B:CD' }] }],
  ])('M6 is refused with %s', async (_what, change) => {
    await check(tcs.signIdentity(asked, node.id))
    const signature = tcs.signTransport(asked, TRANSPORT)
    expect(await checkTransport(signature, { ...TRANSPORT, ...change })).toBe('E_TCS')
  })

  it('M6 is refused with no fingerprints or too many, by another key, or with the proof of identity', async () => {
    const identity = tcs.signIdentity(asked, node.id)
    await check(identity)
    const bare: Transport = { ...TRANSPORT, fingerprints: [] }
    expect(await checkTransport(tcs.signTransport(asked, bare), bare)).toBe('E_TCS')
    const [print] = TRANSPORT.fingerprints
    const many = (n: number): Transport => ({
      ...TRANSPORT,
      fingerprints: new Array<typeof print>(n).fill(print) as Transport['fingerprints'],
    })
    expect(await checkTransport(tcs.signTransport(asked, many(16)), many(16))).toBe('believed')
    expect(await checkTransport(tcs.signTransport(asked, many(17)), many(17))).toBe('E_TCS')
    const rogue = await fakeTcs()
    expect(await checkTransport(rogue.signTransport(asked, TRANSPORT))).toBe('E_TCS')
    expect(await checkTransport(identity)).toBe('E_TCS')
  })
})
