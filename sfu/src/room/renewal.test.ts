/** A newer token for a connection that stays: a meeting goes on as long as its people are allowed in. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FakePeer } from '../../test/fake-peer.ts'
import { Network, newPerson, type Person } from '../../test/network.ts'

let nowMs = Date.UTC(2030, 0, 1)
let network: Network
let person: Person
let peer: FakePeer

beforeAll(async () => {
  network = await Network.open({ now: () => nowMs })
})
beforeEach(async () => {
  nowMs += 3_600_000
  person = await newPerson()
  peer = await network.join({ person })
})
afterAll(() => network.close())

async function renew(claims: Record<string, unknown> = {}, whose = person): Promise<unknown> {
  return peer.ask('renew-token', { token: await network.token(whose, { claims }) })
}

test('I10 whoever is in goes on for hours, with tokens renewed over the socket', async () => {
  for (let hour = 0; hour < 5; hour += 1) {
    nowMs += 3_600_000
    expect(await renew()).toEqual({ ok: true, data: {} })
  }
  expect(await peer.ask('relay-credentials', {})).toMatchObject({ ok: true })
  peer.close()
})

test('I10 nothing ends a connection whose token has expired', async () => {
  nowMs += 24 * 3_600_000
  expect(await peer.ask('relay-credentials', {})).toMatchObject({ ok: true })
  peer.close()
})

test('E8 J1 a token with fewer rights closes what it does not allow any more, also what is under way', async () => {
  const other = await network.join()
  const { transportId } = await peer.transport('send')
  const audio = await peer.produceAudio(transportId)
  nowMs += 1000
  const token = await network.token(person, { claims: { prm: ['audio'] } })
  const [, answer] = await Promise.all([
    peer.produceAudio(transportId, 'screen-audio'),
    peer.ask('renew-token', { token }),
  ])
  expect(answer).toEqual({ ok: true, data: {} })
  expect(await other.next('producer-added')).toMatchObject({ producerId: audio })
  const { producerId } = await other.next('producer-added')
  expect(await other.next('producer-closed')).toEqual({ producerId })
  await expect(peer.produceAudio(transportId, 'screen-audio')).rejects.toThrow('not-allowed')
  expect(await peer.ask('pause-producer', { producerId: audio })).toMatchObject({ ok: true })
  for (const one of [peer, other]) one.close()
})

describe('J2 a renewal', () => {
  const refused = { ok: false, code: 'refused' }

  test('with an older token is refused, so that it brings no right back', async () => {
    const older = await network.token(person)
    nowMs += 1000
    expect(await renew({ prm: [] })).toMatchObject({ ok: true })
    expect(await peer.ask('renew-token', { token: older })).toEqual(refused)
    peer.close()
  })

  test.each([
    ['account', { sub: 'somebody' }],
    ['meeting', { mid: 'meeting-2' }],
    ['session', { msid: 'session-2' }],
  ])('for another %s is refused', async (_name, claims) => {
    expect(await renew(claims)).toEqual(refused)
    peer.close()
  })

  test('for another device, expired or forged is refused, and the connection stays as it is', async () => {
    expect(await renew({}, await newPerson())).toEqual(refused)
    expect(await renew({ exp: nowMs / 1000 - 61, iat: nowMs / 1000 - 900 })).toEqual(refused)
    const token = await network.token(person)
    expect(await peer.ask('renew-token', { token: `${token.slice(0, -8)}AAAAAAAA` })).toEqual(
      refused,
    )
    expect(await renew()).toMatchObject({ ok: true })
    peer.close()
  })

  test('E7 from before an end of access is refused with its reason', async () => {
    const sub = `account of ${person.jkt}`
    const later = { iat: nowMs / 1000 + 2, nbf: nowMs / 1000 + 2, exp: nowMs / 1000 + 902 }
    expect(await renew(later)).toMatchObject({ ok: true })
    network.tcs.endAccess({ sub, atMs: nowMs + 1000, reason: 'signed-out' })
    // Its token is from after the end, so it stays; an older one is worth nothing.
    expect(await renew()).toEqual({ ok: false, code: 'signed-out' })
    peer.close()
  })

  test('with a token that another connection holds is refused', async () => {
    const token = await network.token(person)
    const other = await newPerson()
    const second = await network.admit({ person: { ...person, nonce: other.nonce }, token })
    expect(await peer.ask('renew-token', { token })).toEqual({ ok: false, code: 'token-in-use' })
    for (const one of [peer, second]) one.close()
  })

  test('moves the one connection for each token along', async () => {
    const first = await network.token(person)
    nowMs += 1000
    const second = await network.token(person)
    const third = await newPerson()
    expect(await peer.ask('renew-token', { token: first })).toMatchObject({ ok: true })
    expect(await peer.ask('renew-token', { token: second })).toMatchObject({ ok: true })
    const call = await network.call()
    const proof = call.proof({ ...person, nonce: third.nonce }, second)
    expect(await call.authenticate(proof)).toEqual({ ok: false, code: 'token-in-use' })
    peer.close()
  })
})
