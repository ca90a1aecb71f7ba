/** A room with peers and no media at all. */
import { describe, expect, test } from 'vitest'
import type { Channel } from '../wire/channel.ts'
import type { ForwardingEvents, PeerForwarding, RoomForwarding } from './forwarding.ts'
import { LIMITS } from '../limits.ts'
import { Account } from './accounts.ts'
import { Peer } from './peer.ts'
import type { PeerId, ProducerInfo } from '../protocol.ts'
import { Rooms } from './rooms.ts'

interface FakeMedia {
  readonly events: ForwardingEvents
  readonly closedPeers: PeerId[]
  closed: boolean
}

function fakeRooms(maxPeers = 10): { rooms: Rooms; media: FakeMedia[] } {
  const media: FakeMedia[] = []
  const openForwarding = (events: ForwardingEvents): RoomForwarding => {
    const fake: FakeMedia = { events, closedPeers: [], closed: false }
    media.push(fake)
    return {
      addPeer: (peerId) =>
        ({
          enter: () => undefined,
          close: () => fake.closedPeers.push(peerId),
        }) as unknown as PeerForwarding,
      producers: () => [],
      close: () => (fake.closed = true),
    }
  }
  return { rooms: new Rooms({ openForwarding, maxPeers, maxDevices: 5 }), media }
}

function fakePeer(
  name: string,
  person: { readonly sub?: string; readonly device?: string; readonly participants?: number } = {},
): { peer: Peer; heard: unknown[] } {
  const heard: unknown[] = []
  const channel = {
    send: (type: string, payload: object) => heard.push({ type, ...payload }),
    close: (code: string) => heard.push({ type: 'goodbye', code }),
  } as unknown as Channel
  const caller = {
    peerId: name as PeerId,
    mid: 'm',
    msid: 's',
    sub: name,
    device: name,
    jti: name,
    issuedAtMs: 0,
    participants: 1000,
    ...person,
    permissions: new Set<never>(),
    asked: { clientChallenge: new Uint8Array(32), tokenHash: new Uint8Array(32) },
  }
  return { peer: new Peer(caller, channel, new Account(LIMITS, 0)), heard }
}

const producer: ProducerInfo = {
  producerId: 'p',
  peerId: 'a' as PeerId,
  kind: 'audio',
  source: 'audio',
  paused: false,
}

describe('a room', () => {
  test('says nothing of a peer before it joins', () => {
    const { rooms } = fakeRooms()
    const room = rooms.open('m', 's')
    const [a, b] = [fakePeer('a'), fakePeer('b')]
    room.join(a.peer, {})
    expect(a.heard).toEqual([])
    expect(room.find(b.peer.id)).toBeUndefined()
    expect(room.join(b.peer, {})).toEqual({ peers: ['a'], producers: [] })
    expect(a.heard).toEqual([{ type: 'peer-joined', peerId: 'b' }])
    expect(b.heard).toEqual([])
  })

  test('is joined once', () => {
    const { rooms } = fakeRooms()
    const room = rooms.open('m', 's')
    const { peer } = fakePeer('a')
    room.join(peer, {})
    expect(() => room.join(peer, {})).toThrow('already joined')
    room.remove(peer, 'left')
    expect(() => room.join(peer, {})).toThrow('already joined')
  })

  test('forgets a peer who leaves, once', () => {
    const { rooms, media } = fakeRooms()
    const room = rooms.open('m', 's')
    const [a, b] = [fakePeer('a'), fakePeer('b')]
    for (const { peer } of [a, b]) room.join(peer, {})
    a.heard.length = 0
    room.remove(b.peer, 'left')
    room.remove(b.peer, 'lost')
    expect(a.heard).toEqual([{ type: 'peer-left', peerId: 'b', reason: 'left' }])
    expect(media[0]!.closedPeers).toEqual(['b'])
  })

  test('does not announce the end of a peer who never joined', () => {
    const { rooms } = fakeRooms()
    const room = rooms.open('m', 's')
    const [a, b] = [fakePeer('a'), fakePeer('b')]
    room.join(a.peer, {})
    room.remove(b.peer, 'lost')
    expect(a.heard).toEqual([])
  })

  test('closes with its last peer, and another one opens for the next', () => {
    const { rooms, media } = fakeRooms()
    const room = rooms.open('m', 's')
    const { peer } = fakePeer('a')
    room.join(peer, {})
    expect([rooms.size, rooms.peers]).toEqual([1, 1])
    room.remove(peer, 'lost')
    expect(media[0]!.closed).toBe(true)
    expect([rooms.size, rooms.peers]).toEqual([0, 0])
    expect(rooms.open('m', 's')).not.toBe(room)
  })

  test('gives the place of an older connection to the newer one of the same member', () => {
    const { rooms } = fakeRooms(2)
    const room = rooms.open('m', 's')
    const [old, young, other] = [fakePeer('a'), fakePeer('a'), fakePeer('b')]
    for (const { peer } of [old, other]) room.join(peer, {})
    for (const { heard } of [old, other]) heard.length = 0
    room.join(young.peer, {})
    expect(old.heard).toEqual([{ type: 'goodbye', code: 'replaced' }])
    expect(other.heard).toEqual([
      { type: 'peer-left', peerId: 'a', reason: 'lost' },
      { type: 'peer-joined', peerId: 'a' },
    ])
    // The end of the old connection is heard later, and must not take the new one along.
    room.remove(old.peer, 'lost')
    expect(room.find('a' as PeerId)).toBe(young.peer)
  })

  test('gives the place of an older window to the newer one of the same browser', () => {
    const { rooms, media } = fakeRooms()
    const room = rooms.open('m', 's')
    const browser = { sub: 'account', device: 'thumbprint' }
    const [old, young] = [fakePeer('a1', browser), fakePeer('a2', browser)]
    const other = fakePeer('b')
    const alike = [
      fakePeer('c', { sub: 'account', device: 'another' }),
      fakePeer('d', { sub: 'somebody', device: 'thumbprint' }),
    ]
    for (const { peer } of [old, other, ...alike]) room.join(peer, {})
    expect(old.peer.joined).toBe(true)
    for (const { heard } of [old, other, ...alike]) heard.length = 0
    expect(room.join(young.peer, {})).toEqual({ peers: ['b', 'c', 'd'], producers: [] })
    expect(old.heard).toEqual([{ type: 'goodbye', code: 'replaced' }])
    expect(media[0]!.closedPeers).toEqual(['a1'])
    for (const { heard } of [other, ...alike]) {
      expect(heard).toEqual([
        { type: 'peer-left', peerId: 'a1', reason: 'lost' },
        { type: 'peer-joined', peerId: 'a2' },
      ])
    }
    // The end of the old connection is heard later.
    room.remove(old.peer, 'lost')
    expect(room.find('a2' as PeerId)).toBe(young.peer)
  })

  test('tells what media does to everybody but the sender', () => {
    const { rooms, media } = fakeRooms()
    const room = rooms.open('m', 's')
    const [a, b] = [fakePeer('a'), fakePeer('b')]
    for (const { peer } of [a, b]) room.join(peer, {})
    a.heard.length = 0
    const { events } = media[0]!
    events.producerAdded(producer)
    events.producerPaused(producer)
    events.producerResumed(producer)
    events.producerClosed(producer)
    events.transportDisconnected('a' as PeerId, 't')
    events.activeSpeakers(['b' as PeerId])
    events.reset()
    expect(b.heard.map((event) => (event as { type: string }).type)).toEqual([
      ...['producer-added', 'producer-paused', 'producer-resumed', 'producer-closed'],
      ...['active-speakers', 'media-reset'],
    ])
    expect(a.heard).toEqual([
      { type: 'transport-disconnected', transportId: 't' },
      { type: 'active-speakers', peerIds: ['b'] },
      { type: 'media-reset' },
    ])
  })
})

test('rooms of names that would run together are different rooms', () => {
  const { rooms } = fakeRooms()
  expect(rooms.open('a', 'b","c')).not.toBe(rooms.open('a","b', 'c'))
  expect(rooms.open('a', 'b')).toBe(rooms.open('a', 'b'))
})

test('nobody joins a room in which as many are as the own token allows', () => {
  const { rooms } = fakeRooms()
  const room = rooms.open('m', 's')
  for (const name of ['a', 'b']) room.join(fakePeer(name).peer, {})
  expect(() => room.join(fakePeer('c', { participants: 2 }).peer, {})).toThrow('room-full')
  expect(() => room.join(fakePeer('d', { participants: 3 }).peer, {})).not.toThrow()
})
