import { exportJWK, generateKeyPair } from 'jose'
import { beforeEach, expect, it } from 'vitest'
import { warningsOf, type Network, type Node } from '../../test/network.ts'
import { openFrame, sealFrame } from '../../test/sealed-frames.ts'
import { START_S, claimsFor, fakeTmms, signKeySet, signToken } from '../../test/tmms.ts'
import { memberIdsOf, twoMembers } from '../../test/two-members.ts'

let network: Network
let one: Node
let two: Node
/** The TMMS has lost its token key, and with its root it certified another. */
let newKeySet: string
let newToken: (node: Node) => Promise<string>

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(2))
  two.renews = false
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const { tmms } = network
  newKeySet = await signKeySet(tmms.rootKey, tmms.rootJwk, {
    keys: [{ ...(await exportJWK(publicKey)), kid: 't2', alg: 'ES256', use: 'sig' }],
    ...{ tcs: [tmms.tcs.jwk], chain: [] },
  })
  newToken = ({ identity }) => {
    const iat = START_S + Math.floor(network.clock.now() / 1000)
    const claims = { ...claimsFor(identity), iat, nbf: iat, exp: iat + 900 }
    return signToken(privateKey, claims, { kid: 't2' })
  }
})

it('I6 a token signed by a new key is taken once the key set is known that names it', async () => {
  const token = await newToken(one)
  await expect(one.session.newToken({ token, tokenAgeMs: 0 })).rejects.toMatchObject({
    code: 'E_TOKEN_KEY',
  })
  await one.session.newToken({ token, tokenAgeMs: 0, keySet: newKeySet })
  // Its key set is the former one: nobody is accused, and the page asks for a token, by which it finds out.
  await network.settle()
  expect(warningsOf(two)).toEqual(['E_TOKEN_KEY'])
  expect(two.events.filter(({ type }) => type === 'need-token')).toHaveLength(1)
  await two.session.newToken({ token: await newToken(two), tokenAgeMs: 0, keySet: newKeySet })
  await network.advance(20_000)
  expect(memberIdsOf(two)).toEqual([one.id])
  expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  expect(await openFrame(one, await sealFrame(two))).toBe('picture')
})

it('M6 a key set of another root is refused in the middle of a call, and the former keys stay', async () => {
  const { keySet } = await fakeTmms()
  const token = await network.token(one.identity)
  await expect(one.session.newToken({ token, tokenAgeMs: 0, keySet })).rejects.toMatchObject({
    code: 'E_PIN',
  })
  await one.session.newToken({ token, tokenAgeMs: 0 })
})

it('whoever shows tokens of unknown keys cannot have us say HELLO again and again', async () => {
  one.renews = false
  const token = await newToken(one)
  await one.session.newToken({ token, tokenAgeMs: 0, keySet: newKeySet })
  for (let n = 0; n < 60; n++) {
    one.session.connections.roster([two.id])
    await network.advance(5000)
  }
  const asked = two.events.filter(({ type }) => type === 'need-token')
  expect(asked.length).toBeLessThan(8)
})
