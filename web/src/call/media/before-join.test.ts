/** Transports that are made during the device check: ready at the click, and silent until then. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeRoom } from '../../../test/fake-room.ts'

let room: FakeRoom

async function settle(): Promise<void> {
  do {
    room.answerOpen()
    room.answerAsk()
    for (let turn = 0; turn < 30; turn++) await Promise.resolve()
  } while (room.pending > 0)
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

beforeEach(() => {
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
  room = new FakeRoom('audio')
})
afterEach(() => {
  room.leave()
  vi.unstubAllGlobals()
})

it('whoever checks its devices has both transports and sends nothing, whatever it switches', async () => {
  room.prepare()
  await settle()
  expect(room.transports).toHaveLength(2)
  for (const on of [true, false, true]) {
    room.device.want(on)
    await settle()
    expect(room.sending).toEqual([])
    expect(room.carried.size).toBe(0)
  }
})

it('the click sends what is wanted, through the transports that are there', async () => {
  room.prepare()
  room.device.want(true)
  await settle()
  const before = room.transports
  room.enter()
  await settle()
  expect(room.transports).toEqual(before)
  expect(room.sending).toEqual([room.device.track])
})

it('a click while the transports are being made waits for them and makes no others', async () => {
  room.device.want(true)
  room.prepare()
  room.enter()
  await settle()
  expect(room.transports).toHaveLength(2)
  expect(room.sending).toEqual([room.device.track])
})

it('a media worker that dies before the click costs new transports, and nobody notices', async () => {
  room.device.want(true)
  room.prepare()
  await settle()
  const before = room.transports
  room.reset()
  await settle()
  expect(room.transports).toHaveLength(2)
  expect(room.transports).not.toContain(before[0])
  expect(room.sending).toEqual([])
  room.enter()
  await settle()
  expect(room.sending).toEqual([room.device.track])
  expect(room.problems).toEqual([])
})

it('a click after a refusal tries again at once', async () => {
  room.device.want(true)
  room.prepare()
  room.refuseAsk('too-many-messages')
  room.refuseAsk('too-many-messages')
  await turns()
  expect(room.transports).toEqual([])
  room.enter()
  await settle()
  expect(room.transports).toHaveLength(2)
  expect(room.sending).toEqual([room.device.track])
})
