/** Which consumers are told of what happened to a member's stream. */
import { beforeEach, expect, it } from 'vitest'
import { fakeTransformer, frameOf } from '../../test/frames.ts'
import { E2eeError } from '../errors.ts'
import type { WorkerEvent } from '../events.ts'
import type { E2eeCode, MemberId, StreamKind } from '../protocol.ts'
import type { Transformer } from '../transform/encoded.ts'
import type { Session } from './session.ts'
import { Transforms } from './transforms.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const BOB = 'b04220636da827524b21f44cd99738f1' as MemberId

let events: WorkerEvent[]
let transforms: Transforms

beforeEach(() => {
  events = []
  transforms = new Transforms({
    session: () => null,
    emit: (event) => events.push(event),
    now: () => 0,
  })
  consume('a-video', ALICE, 'video')
  consume('a-audio', ALICE, 'audio')
  consume('b-video', BOB, 'video')
})

function consume(consumerId: string, owner: MemberId, kind: StreamKind): void {
  transforms.attach(fakeTransformer(), { dir: 'decrypt', consumerId, owner, kind })
}

const told = (): unknown[] =>
  events.splice(0).map((event) => {
    if (event.type !== 'media-authenticity') return event
    return `${event.consumerId} ${event.state}`
  })

it('authenticity is told of the consumers of that stream alone, when it changes', () => {
  transforms.authenticity(ALICE, 1, 'vouched')
  transforms.authenticity(ALICE, 1, 'vouched')
  expect(told()).toEqual(['a-video vouched'])
  transforms.authenticity(BOB, 1, 'forged')
  transforms.authenticity(ALICE, 0, 'unvouched')
  expect(told()).toEqual(['b-video forged', 'a-audio unvouched'])
})

it('a consumer that came later is told when its stream is judged next', () => {
  transforms.authenticity(ALICE, 1, 'vouched')
  consume('again', ALICE, 'video')
  transforms.authenticity(ALICE, 1, 'vouched')
  expect(told()).toEqual(['a-video vouched', 'again vouched'])
  transforms.detach('again')
  transforms.authenticity(ALICE, 1, 'unvouched')
  expect(told()).toEqual(['a-video unvouched'])
})

it.each<[E2eeCode, { asked: boolean; warned: boolean }]>([
  ['E_NO_KEY', { asked: true, warned: false }],
  ['E_STREAM', { asked: true, warned: true }],
  ['E_FRAME_AUTH', { asked: true, warned: true }],
  ['E_CTR', { asked: false, warned: true }],
])('F5 a frame refused with %s: %o', async (code, expected) => {
  const asked: string[] = []
  const keys = { codecOf: () => 'opus', open: () => Promise.reject(new E2eeError(code)) }
  const session = { keysOf: () => keys, requestKey: (memberId: string) => asked.push(memberId) }
  const of = new Transforms({
    session: () => session as unknown as Session,
    emit: (event) => events.push(event),
    now: () => 0,
  })
  const transformer = fakeTransformer()
  of.attach(transformer, { dir: 'decrypt', consumerId: 'a-audio', owner: ALICE, kind: 'audio' })
  await transformer.push(frameOf('sealed under a key that was lost'))
  expect(asked).toEqual(expected.asked ? [ALICE] : [])
  const warning = { type: 'warning', code, memberId: ALICE }
  expect(events).toEqual(expected.warned ? [warning] : [])
})

const CAMERA = { dir: 'encrypt', streamIdx: 1, kind: 'video', codec: 'vp8' }

it('the encoder of a stream makes a key frame of each layer for whoever has just got the key', () => {
  const [before, now] = [fakeTransformer(), fakeTransformer()]
  for (const transformer of [before, now]) transforms.attach(transformer, CAMERA)
  expect(transforms.askEncoder(1)).toBe(true)
  expect(before.keyFramesOf).toEqual([])
  expect(now.keyFramesOf).toEqual([undefined, 'r1', 'r2'])
})

it('an encoder that refuses to make a key frame is asked by its receivers', async () => {
  const refusing = Object.assign(fakeTransformer(), {
    generateKeyFrame: () => Promise.reject(new DOMException('not sending', 'InvalidStateError')),
  })
  transforms.attach(refusing, CAMERA)
  expect(transforms.askEncoder(1)).toBe(true)
  await new Promise((turn) => setImmediate(turn))
})

it('the page asks the encoder of a stream that is not sent yet, and where transforms cannot ask', () => {
  expect(transforms.askEncoder(1)).toBe(false)
  const { readable, writable }: Transformer = fakeTransformer()
  transforms.attach({ readable, writable }, CAMERA)
  expect(transforms.askEncoder(1)).toBe(false)
})
