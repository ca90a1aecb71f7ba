import { describe, expect, it } from 'vitest'
import type { Member } from '@huisclos/e2ee-worker/protocol'
import type { PeerId } from '@huisclos/sfu/protocol'
import {
  mayBeHeard,
  UNOPENED,
  viewPeers,
  type Known,
  type Opening,
  type RemoteStream,
} from './peer-view.ts'

const grace = 'a1' as PeerId
const graceAgain = 'a2' as PeerId
const stranger = 'b1' as PeerId

const member = (memberId: string, name: string): Member =>
  ({
    memberId,
    sub: `account of ${name}`,
    name,
    role: 'participant',
    prm: [],
    streams: [],
    canDecrypt: true,
    state: 'verified',
    verification: 'known',
  }) as unknown as Member

const stream = (peerId: PeerId, source: 'audio' | 'video'): RemoteStream => ({
  consumerId: `${peerId} ${source}`,
  producerId: `producer ${source}`,
  peerId,
  source,
  track: {} as MediaStreamTrack,
  paused: false,
})

function view(over: Partial<Known>) {
  return viewPeers({
    members: new Map([[grace, member(grace, 'Grace')]]),
    present: new Map([[grace, { lost: false }]]),
    streams: new Map(),
    openings: new Map(),
    speakers: [],
    announced: new Map(),
    connected: true,
    ...over,
  })
}

describe('the people on the screen', () => {
  it('are named by the worker, never by the TCS', () => {
    const [first, second] = view({
      present: new Map([
        [grace, { lost: false }],
        [stranger, { lost: false }],
      ]),
    })
    expect(first).toMatchObject({ name: 'Grace', presence: 'present', canDecrypt: true })
    expect(first?.sub).toBe('account of Grace')
    expect(second).toMatchObject({ name: null, presence: 'connecting', canDecrypt: false })
    expect([first?.verification, second?.verification]).toEqual(['known', null])
  })

  it('show and play nothing of somebody not verified', () => {
    const streams = new Map([
      ['1', stream(stranger, 'audio')],
      ['2', stream(stranger, 'video')],
    ])
    const [only] = view({
      present: new Map([[stranger, { lost: false }]]),
      streams,
      speakers: [stranger],
    })
    expect(only).toMatchObject({ audio: null, video: null, speaking: false })
  })

  it('show whether a stream opens, and wait until the worker says so', () => {
    const streams = new Map([
      ['1', stream(grace, 'audio')],
      ['2', stream(grace, 'video')],
    ])
    const openings = new Map([
      [
        stream(grace, 'video').consumerId,
        { ...UNOPENED, state: 'cannot-decrypt', code: 'E_FRAME_AUTH' } as const,
      ],
    ])
    const [only] = view({ streams, openings })
    expect(only?.audio).toMatchObject({ state: 'waiting', code: null })
    expect(only?.video).toMatchObject({ state: 'cannot-decrypt', code: 'E_FRAME_AUTH' })
  })

  it('show what is withheld and what nobody vouches for', () => {
    const streams = new Map([['1', stream(grace, 'video')]])
    const told = {
      ...UNOPENED,
      state: 'decrypting',
      delayed: true,
      authenticity: 'forged',
    } as const
    const openings = new Map([[stream(grace, 'video').consumerId, told]])
    const [only] = view({ streams, openings })
    expect(only?.video).toMatchObject({ delayed: true, authenticity: 'forged' })
  })

  it.each<[boolean, Partial<Opening>, Member['verification']]>([
    [true, { state: 'decrypting', authenticity: 'vouched' }, 'known'],
    [true, { state: 'decrypting', authenticity: 'unvouched', delayed: true }, 'new'],
    [false, { state: 'cannot-decrypt', code: 'E_NO_KEY' }, 'verified'],
    [false, { state: 'decrypting', authenticity: 'forged' }, 'verified'],
    [false, { state: 'decrypting' }, 'changed'],
  ])('are heard (%s) when %o of a %s device', (heard, said, verification) => {
    const [only] = view({
      members: new Map([[grace, { ...member(grace, 'Grace'), verification }]]),
      streams: new Map([['1', stream(grace, 'audio')]]),
      openings: new Map([[stream(grace, 'audio').consumerId, { ...UNOPENED, ...said }]]),
    })
    expect(only && mayBeHeard(only)).toBe(heard)
  })

  it('reconnect under their name, but an unverified stranger does not', () => {
    const present = new Map([
      [grace, { lost: true }],
      [stranger, { lost: true }],
    ])
    expect(view({ present })).toMatchObject([{ name: 'Grace', presence: 'reconnecting' }])
  })

  it('appear once after a reload, before the old connection is given up', () => {
    const members = new Map([
      [grace, member(grace, 'Grace')],
      [graceAgain, member(graceAgain, 'Grace')],
    ])
    const present = new Map([
      [grace, { lost: true }],
      [graceAgain, { lost: false }],
    ])
    expect(view({ members, present })).toMatchObject([{ peerId: graceAgain, presence: 'present' }])
  })

  it('V2 are muted when they send no voice, and never because none has reached us', () => {
    const voice = {
      producerId: 'producer audio',
      peerId: grace,
      kind: 'audio',
      source: 'audio',
      paused: false,
    } as const
    const announced = (over: { paused: boolean }) =>
      new Map([['producer audio', { ...voice, ...over }]])
    const received = (paused: boolean) => new Map([['1', { ...stream(grace, 'audio'), paused }]])
    const on = { muted: false, pending: false }
    const off = { muted: true, pending: false }
    const unknown = { muted: false, pending: true }
    const one = (over: Partial<Known>) => view(over)[0]
    expect(one({})).toMatchObject(off)
    expect(
      one({ streams: received(false), announced: announced({ paused: false }) }),
    ).toMatchObject(on)
    expect(one({ streams: received(true), announced: announced({ paused: true }) })).toMatchObject(
      off,
    )
    expect(one({ announced: announced({ paused: true }) })).toMatchObject(off)
    expect(one({ announced: announced({ paused: false }) })).toMatchObject(unknown)
    expect(one({ connected: false })).toMatchObject(unknown)
    expect(one({ connected: false, streams: received(true) })).toMatchObject(unknown)
    const lost = new Map([[grace, { lost: true }]])
    expect(one({ present: lost })).toMatchObject({ muted: false, presence: 'reconnecting' })
  })

  it('H10 are all who hold our keys: also a verified member the TCS does not list', () => {
    expect(view({ present: new Map() })).toMatchObject([
      { peerId: grace, name: 'Grace', canDecrypt: true, presence: 'present' },
    ])
    const lost = { ...member(grace, 'Grace'), state: 'lost' } as const
    expect(view({ present: new Map(), members: new Map([[grace, lost]]) })).toMatchObject([
      { peerId: grace, presence: 'reconnecting' },
    ])
  })
})
