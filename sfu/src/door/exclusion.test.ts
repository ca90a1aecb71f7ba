/** R2: somebody who was put out of a meeting, as the TCS sees it. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Network, newPerson } from '../../test/network.ts'
import { Exclusions } from './exclusions.ts'

const START_MS = Date.UTC(2030, 0, 1)
let nowMs = START_MS
let network: Network
const revoked: string[] = []

beforeAll(async () => {
  network = await Network.open({
    now: () => nowMs,
    revokeRelay: (member, session) => void revoked.push(`${member} ${session}`),
  })
})
beforeEach(() => {
  nowMs += 3_600_000
  revoked.length = 0
})
afterAll(() => network.close())

describe('R2 an excluded account', () => {
  test('loses every connection, is told why, and the others hear that it left', async () => {
    const other = await network.join({ claims: { sub: 'other' } })
    const windows = [
      await network.join({ claims: { sub: 'bob' } }),
      await network.join({ claims: { sub: 'bob' } }),
      await network.admit({ claims: { sub: 'bob' } }),
    ]
    other.events.length = 0
    network.tcs.exclude('meeting-1', 'bob', nowMs)
    for (const window of windows) {
      expect(await window.next('goodbye')).toEqual({ code: 'removed' })
      await window.ended()
    }
    await other.request('relay-credentials', {})
    expect(other.events.map(({ payload }) => payload)).toEqual(
      windows.slice(0, 2).map(({ id }) => ({ peerId: id, reason: 'left' })),
    )
    expect(revoked).toEqual(windows.map(({ id }) => `${id} session-1`))
    other.close()
    await expect.poll(() => network.tcs.counters()).toMatchObject({ rooms: 0, peers: 0 })
  })

  test('is not let in again with a token of before, whatever device and session it is for', async () => {
    const person = await newPerson()
    const tokens = [
      await network.token(person, { claims: { sub: 'bob' } }),
      await network.token(person, { claims: { sub: 'bob', msid: 'session-2' } }),
    ]
    network.tcs.exclude('meeting-1', 'bob', nowMs)
    nowMs += 900_000
    for (const token of tokens) {
      const peer = await network.call()
      const proof = peer.proof({ ...person, nonce: randomBytes(32) }, token)
      expect(await peer.authenticate(proof)).toEqual({ ok: false, code: 'removed' })
      await peer.ended()
    }
  })

  test('comes in with a token of after: it was invited again', async () => {
    network.tcs.exclude('meeting-1', 'bob', nowMs)
    nowMs += 1000
    const peer = await network.join({ claims: { sub: 'bob' } })
    expect(peer.connected).toBe(true)
    peer.close()
  })

  test('is left alone in other meetings, as are others in this one', async () => {
    const elsewhere = await network.join({ claims: { sub: 'bob', mid: 'meeting-2' } })
    const other = await network.join({ claims: { sub: 'carl' } })
    network.tcs.exclude('meeting-1', 'bob', nowMs)
    for (const peer of [elsewhere, other]) {
      expect(await peer.ask('relay-credentials', {})).toMatchObject({ ok: true })
      peer.close()
    }
    expect(revoked).toEqual([])
  })

  test('who has just said goodbye leaves no room behind', async () => {
    const peer = await network.join({ claims: { sub: 'bob' } })
    peer.socket.emit('request', 'leave', {}, () => undefined)
    network.tcs.exclude('meeting-1', 'bob', nowMs)
    await peer.ended()
    await expect.poll(() => network.tcs.counters()).toMatchObject({ rooms: 0, peers: 0 })
  })
})

test('exclusions are forgotten when no token of before can be valid any more', () => {
  let clockMs = 0
  const exclusions = new Exclusions(() => clockMs)
  const bob = { mid: 'm', sub: 'bob', issuedAtMs: -1000 }
  exclusions.add('m', 'bob', 0)
  expect(exclusions.covers(bob)).toBe(true)
  expect(exclusions.covers({ ...bob, issuedAtMs: 0 })).toBe(true)
  expect(exclusions.covers({ ...bob, issuedAtMs: 1000 })).toBe(false)
  clockMs = 960_000
  exclusions.add('m', 'carl', clockMs)
  expect(exclusions.covers(bob)).toBe(true)
  clockMs += 1
  exclusions.add('m', 'dan', clockMs)
  expect(exclusions.covers(bob)).toBe(false)
})
