/** Q5 on the WebSocket: who is let go for not reading. */
import { EventEmitter } from 'node:events'
import { beforeEach, expect, test, vi } from 'vitest'
import { LIMITS } from '../limits.ts'
import type { Connection } from './connection.ts'
import { SlowReaders } from './slow-readers.ts'

const limits = { ...LIMITS, unreadBytes: 10_000, unreadNetworkBytes: 25_000, unreadMs: 1000 }
let nowMs = 0
let readers: SlowReaders

beforeEach(() => {
  nowMs = 0
  readers = new SlowReaders(limits, () => nowMs)
})

/** Like engine.io: what is sent waits until the transport is free, and then goes out together. */
class FakeConnection extends EventEmitter {
  readonly transport = new EventEmitter()
  readonly request = { socket: { destroy: vi.fn(() => this.emit('close')) } }

  get gone(): boolean {
    return this.request.socket.destroy.mock.calls.length > 0
  }

  send(bytes: number): void {
    this.emit('packetCreate', { data: 'x'.repeat(bytes) })
  }

  handOver(): void {
    this.emit('drain')
  }

  /** The kernel took what was handed over. */
  taken(): void {
    this.transport.emit('drain')
  }
}

function connect(network = 'a'): FakeConnection {
  const connection = new FakeConnection()
  readers.watch(connection as unknown as Connection, network)
  return connection
}

test('Q5 whoever reads may be sent anything for ever', () => {
  const connection = connect()
  for (let at = 0; at < 100; at += 1) {
    connection.send(9_000)
    connection.handOver()
    connection.taken()
    nowMs += 900
    readers.expire()
  }
  expect(connection.gone).toBe(false)
})

test('Q5 whoever holds up more than a connection may is let go, handed over or not', () => {
  const connection = connect()
  connection.send(6_000)
  connection.handOver()
  connection.send(3_000)
  expect(connection.gone).toBe(false)
  connection.send(1_000)
  expect(connection.gone).toBe(true)
})

test('Q5 whoever takes nothing for long is let go, however little waits', () => {
  const [silent, idle] = [connect(), connect()]
  silent.send(1)
  silent.handOver()
  nowMs = 1000
  readers.expire()
  expect(silent.gone).toBe(false)
  nowMs = 1001
  readers.expire()
  expect(silent.gone).toBe(true)
  expect(idle.gone).toBe(false)
})

test('Q5 many of one network are bounded together, and the one that holds up the most goes', () => {
  const crowd = [connect(), connect(), connect()]
  const other = connect('b')
  crowd.forEach((connection, at) => connection.send(7_000 + at))
  other.send(9_000)
  expect(crowd.map(({ gone }) => gone)).toEqual([false, false, false])
  const last = connect()
  last.send(4_000)
  expect([...crowd, last, other].map(({ gone }) => gone)).toEqual([
    false,
    false,
    true,
    false,
    false,
  ])
  last.send(4_000)
  expect([...crowd, last, other].map(({ gone }) => gone)).toEqual([
    false,
    false,
    true,
    false,
    false,
  ])
})
