/** E1 to E8, R2: the end of somebody's access, as the TCS sees it: tokens, sockets and relay together. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FakePeer } from '../../test/fake-peer.ts'
import { Network, newPerson } from '../../test/network.ts'
import type { EndedAccess } from '../door/access-ends.ts'
import type { AccessEndCode } from '../protocol.ts'

const START_MS = Date.UTC(2030, 0, 1)
let nowMs = START_MS
let network: Network
const revoked: EndedAccess[] = []

beforeAll(async () => {
  network = await Network.open({ now: () => nowMs, revokeRelay: (end) => void revoked.push(end) })
})
beforeEach(() => {
  nowMs += 3_600_000
  revoked.length = 0
})
afterAll(() => network.close())

const PLACES = [
  { sub: 'ann', mid: 'meeting-1' },
  { sub: 'ann', mid: 'meeting-2' },
  { sub: 'bob', mid: 'meeting-1' },
]
type Place = (typeof PLACES)[number]

async function everywhere(): Promise<ReadonlyMap<Place, FakePeer>> {
  const peers = new Map<Place, FakePeer>()
  for (const place of PLACES) peers.set(place, await network.join({ claims: place }))
  return peers
}

const names = (places: Iterable<Place>): string[] =>
  Array.from(places, ({ sub, mid }) => `${sub} in ${mid}`)

describe.each<[string, AccessEndCode, Partial<Place>, string[]]>([
  [
    'E1 E2 an account whose password was reset, or that signed out everywhere',
    'signed-out',
    { sub: 'ann' },
    ['ann in meeting-1', 'ann in meeting-2'],
  ],
  [
    'E3 an account that was suspended or deleted',
    'suspended',
    { sub: 'ann' },
    ['ann in meeting-1', 'ann in meeting-2'],
  ],
  [
    'E4 a meeting that was cancelled or ended',
    'meeting-ended',
    { mid: 'meeting-1' },
    ['ann in meeting-1', 'bob in meeting-1'],
  ],
  [
    'E5 somebody taken off the list of the invited',
    'uninvited',
    { sub: 'ann', mid: 'meeting-1' },
    ['ann in meeting-1'],
  ],
  [
    'E6 somebody whose role or group changed',
    'rights-changed',
    { sub: 'ann' },
    ['ann in meeting-1', 'ann in meeting-2'],
  ],
  ['E7 somebody removed', 'removed', { sub: 'ann', mid: 'meeting-1' }, ['ann in meeting-1']],
  [
    'E8 somebody from whom a right was withdrawn',
    'rights-changed',
    { sub: 'bob', mid: 'meeting-1' },
    ['bob in meeting-1'],
  ],
])('%s', (_name, reason, scope, expected) => {
  test('loses connections and relay at once, is told why, and nobody else is touched', async () => {
    const peers = await everywhere()
    network.tcs.endAccess({ ...scope, atMs: nowMs, reason })
    const ended: Place[] = []
    for (const [place, peer] of peers) {
      const answer = await Promise.race([
        peer.ended(),
        peer.ask('relay-credentials', {}).catch(() => undefined),
      ])
      if (answer === undefined) {
        expect(await peer.next('goodbye')).toEqual({ code: reason })
        ended.push(place)
      }
      peer.close()
    }
    expect(names(ended)).toEqual(expected)
    expect(revoked).toEqual([{ ...scope, atMs: nowMs, reason }])
  })

  test('is refused with every token from before, on any device, and let in with a later one', async () => {
    const before = await Promise.all(
      PLACES.map(async (claims) => {
        const person = await newPerson()
        return { claims, person, token: await network.token(person, { claims }) }
      }),
    )
    network.tcs.endAccess({ ...scope, atMs: nowMs, reason })
    nowMs += 899_000
    const refused: Place[] = []
    for (const { claims, person, token } of before) {
      const peer = await network.call()
      const answer = await peer.authenticate(peer.proof(person, token))
      if (!answer.ok) {
        expect(answer.code).toBe(reason)
        refused.push(claims)
      }
      peer.close()
      const again = await network.join({ claims })
      expect(again.connected).toBe(true)
      again.close()
    }
    expect(names(refused)).toEqual(expected)
  })
})

describe('O7 a token that says after which end it came', () => {
  const end = (atMs: number): void =>
    network.tcs.endAccess({ sub: 'late', atMs, reason: 'signed-out' })

  test('is let in although the clock was ahead at that end, and ended by the next', async () => {
    const aheadMs = nowMs + 3_600_000
    end(aheadMs)
    const refused = await network.call()
    const person = await newPerson()
    const token = await network.token(person, { claims: { sub: 'late' } })
    const answer = await refused.authenticate(refused.proof(person, token))
    expect(answer).toEqual({ ok: false, code: 'signed-out' })
    refused.close()
    const peer = await network.join({ claims: { sub: 'late', aft: aheadMs + 1 } })
    expect(peer.connected).toBe(true)
    end(aheadMs + 1)
    await peer.ended()
    expect(await peer.next('goodbye')).toEqual({ code: 'signed-out' })
    peer.close()
  })
})

describe('R2 an excluded account', () => {
  const exclude = (): void =>
    network.tcs.endAccess({ mid: 'meeting-1', sub: 'bob', atMs: nowMs, reason: 'removed' })

  test('loses the connections of all its devices, and the others hear that it left', async () => {
    const other = await network.join({ claims: { sub: 'other' } })
    const windows = [
      await network.join({ claims: { sub: 'bob' } }),
      await network.join({ claims: { sub: 'bob' } }),
      await network.admit({ claims: { sub: 'bob' } }),
    ]
    other.events.length = 0
    exclude()
    for (const window of windows) {
      expect(await window.next('goodbye')).toEqual({ code: 'removed' })
      await window.ended()
    }
    await other.request('relay-credentials', {})
    expect(other.events.map(({ payload }) => payload)).toEqual(
      windows.slice(0, 2).map(({ id }) => ({ peerId: id, reason: 'left' })),
    )
    other.close()
    await expect.poll(() => network.tcs.counters()).toMatchObject({ rooms: 0, peers: 0 })
  })

  test('is not let in again in another session of the meeting either', async () => {
    const person = await newPerson()
    const token = await network.token(person, { claims: { sub: 'bob', msid: 'session-2' } })
    exclude()
    const peer = await network.call()
    const proof = peer.proof({ ...person, nonce: randomBytes(32) }, token)
    expect(await peer.authenticate(proof)).toEqual({ ok: false, code: 'removed' })
    await peer.ended()
  })

  test('who has just said goodbye leaves no room behind', async () => {
    const peer = await network.join({ claims: { sub: 'bob' } })
    peer.socket.emit('request', 'leave', {}, () => undefined)
    exclude()
    await peer.ended()
    await expect.poll(() => network.tcs.counters()).toMatchObject({ rooms: 0, peers: 0 })
  })
})
