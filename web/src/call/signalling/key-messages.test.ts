import { expect, it, vi } from 'vitest'
import type { MemberId } from '@huisclos/e2ee-worker/protocol'
import type { PeerId } from '@huisclos/sfu/protocol'
import { CallError } from '../outcome/errors.ts'
import { Keyring } from './key-messages.ts'
import type { Ask } from './signal.ts'

const to = 'a1' as MemberId
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)

function keyring() {
  const notice = vi.fn()
  const ask = vi.fn().mockResolvedValue({})
  return { ring: new Keyring(notice), notice, ask: ask as typeof ask & Ask }
}

it('sends key messages in the order the worker made them, those made without a connection first', () => {
  const { ring, ask, notice } = keyring()
  ring.send({ to: '*', bytes: bytes(1) })
  ring.send({ to, bytes: bytes(2) })
  expect(ask).not.toHaveBeenCalled()
  ring.connected(ask, ['a1' as PeerId])
  ring.send({ to, bytes: bytes(3) })
  expect(notice).toHaveBeenCalledWith({ type: 'roster', memberIds: ['a1'] })
  expect(ask.mock.calls).toEqual([
    ['e2ee-message', { to: '*', bytes: bytes(1) }],
    ['e2ee-message', { to, bytes: bytes(2) }],
    ['e2ee-message', { to, bytes: bytes(3) }],
  ])
})

it('sends the keys of a rotation as one request, in order with the rest', () => {
  const { ring, ask } = keyring()
  ring.connected(ask, [])
  ring.send({ to, bytes: bytes(1) })
  ring.sendMany([
    { to, bytes: bytes(2, 3) },
    { to: 'b2' as MemberId, bytes: bytes(4, 5, 6) },
  ])
  ring.send({ to, bytes: bytes(7) })
  expect(ask.mock.calls).toEqual([
    ['e2ee-message', { to, bytes: bytes(1) }],
    ['e2ee-messages', { to: ['a1', 'b2'], lengths: [2, 3], bytes: bytes(2, 3, 4, 5, 6) }],
    ['e2ee-message', { to, bytes: bytes(7) }],
  ])
})

it('keeps a rotation that was made without a connection, and sends nothing for nobody', () => {
  const { ring, ask } = keyring()
  ring.send({ to: '*', bytes: bytes(1) })
  ring.sendMany([{ to, bytes: bytes(2) }])
  ring.sendMany([])
  ring.connected(ask, [])
  expect(ask.mock.calls).toEqual([
    ['e2ee-message', { to: '*', bytes: bytes(1) }],
    ['e2ee-messages', { to: ['a1'], lengths: [1], bytes: bytes(2) }],
  ])
})

it('keeps the latest messages only when it is without a connection for long', () => {
  const { ring, ask } = keyring()
  for (let i = 0; i < 41; i++) ring.send({ to, bytes: new Uint8Array(100_000).fill(i) })
  ring.connected(ask, [])
  expect(ask).toHaveBeenCalledTimes(40)
  expect(ask.mock.calls[0]?.[1]).toMatchObject({ bytes: new Uint8Array(100_000).fill(1) })
})

it('keeps messages while the connection is cut, and says so once', () => {
  const { ring, ask, notice } = keyring()
  ring.cut()
  ring.connected(ask, [])
  ring.cut()
  expect(notice.mock.calls).toEqual([[{ type: 'roster', memberIds: [] }], [{ type: 'cut' }]])
  ring.send({ to, bytes: bytes(1) })
  expect(ask).not.toHaveBeenCalled()
  ring.connected(ask, [])
  expect(ask).toHaveBeenCalledTimes(1)
})

it('is not disturbed by a receiver that has just gone', async () => {
  const { ring, ask } = keyring()
  ask.mockRejectedValueOnce(new CallError('not-found'))
  ring.connected(ask, [])
  ring.send({ to, bytes: bytes(1) })
  ring.send({ to, bytes: bytes(2) })
  await Promise.resolve()
  expect(ask).toHaveBeenCalledTimes(2)
})

it('tells the worker what the TCS passes on and who comes and goes', () => {
  const { ring, notice, ask } = keyring()
  ring.connected(ask, [])
  notice.mockClear()
  ring.receive('a1' as PeerId, bytes(9))
  ring.joined('a1' as PeerId)
  ring.departed('a1' as PeerId, 'lost')
  expect(notice.mock.calls).toEqual([
    [{ type: 'signal', from: 'a1', bytes: bytes(9) }],
    [{ type: 'joined', memberId: 'a1' }],
    [{ type: 'departed', memberId: 'a1', reason: 'lost' }],
  ])
})

it('what the TCS tells before the worker knows who is there comes after that, and dies with the connection', () => {
  const { ring, ask, notice } = keyring()
  ring.joined('c3' as PeerId)
  ring.cut()
  ring.joined('b2' as PeerId)
  ring.receive('b2' as PeerId, bytes(9))
  expect(notice).not.toHaveBeenCalled()
  ring.connected(ask, ['a1' as PeerId])
  expect(notice.mock.calls.map(([{ type }]) => type as string)).toEqual([
    'roster',
    'joined',
    'signal',
  ])
})
