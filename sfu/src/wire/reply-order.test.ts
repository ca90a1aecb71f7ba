/** D6 on the server: what a reply says is true when it goes out, and whatever changes it comes after it. */
import { EventEmitter } from 'node:events'
import pino from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { Channel, type TcsSocket } from './channel.ts'

/** Everything that goes to the client, in order. */
let sent: string[] = []
let client: EventEmitter
let channel: Channel

beforeEach(() => {
  sent = []
  client = new EventEmitter()
  const socket = {
    connected: true,
    on: (event: string, listener: () => void) => client.on(event, listener),
    emit: (_event: string, type: string, payload: object) =>
      sent.push(type + JSON.stringify(payload)),
  }
  channel = new Channel(socket as unknown as TcsSocket, LIMITS, pino({ level: 'silent' }))
})

function ask(): void {
  client.emit('request', 'leave', {}, (reply: object) => sent.push(JSON.stringify(reply)))
}

test('D6 a reply that is ready goes out before any later event', () => {
  channel.serve(() => ({}))
  ask()
  channel.send('media-reset', {})
  expect(sent).toEqual(['{"ok":true,"data":{}}', 'media-reset{}'])
})

test('D6 a reply made later says what is true when it goes out', async () => {
  let paused = false
  const made = Promise.resolve({
    get paused() {
      return paused
    },
  } as never)
  channel.serve(() => made)
  ask()
  paused = true
  channel.send('producer-paused', { producerId: 'p' })
  await made
  expect(sent).toEqual(['producer-paused{"producerId":"p"}', '{"ok":true,"data":{"paused":true}}'])
})

test('a failure is answered once, whether it comes at once or later', async () => {
  channel.serve(() => {
    throw new TypeError('broken')
  })
  ask()
  client.removeAllListeners('request')
  channel.serve(() => Promise.reject(new TypeError('broken')))
  ask()
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent).toEqual(Array(2).fill('{"ok":false,"code":"internal"}'))
})
