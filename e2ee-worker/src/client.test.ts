import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { E2eeClient } from './client.ts'
import type { WorkerEvent } from './events.ts'
import type { FromWorker, ToWorker } from './protocol.ts'

class FakeWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null
  onerror: (() => void) | null = null
  onmessageerror: (() => void) | null = null
  readonly posted: ToWorker[] = []
  terminated = false

  postMessage(message: ToWorker): void {
    this.posted.push(message)
  }

  terminate(): void {
    this.terminated = true
  }

  say(message: FromWorker): void {
    this.onmessage?.({ data: message })
  }
}

const started = vi.hoisted((): { worker: object | null } => ({ worker: null }))
vi.mock('./worker-url.ts', () => ({ startWorker: () => started.worker }))

let worker: FakeWorker
let events: WorkerEvent[]
let client: E2eeClient

beforeEach(() => {
  worker = new FakeWorker()
  started.worker = worker
  events = []
  client = new E2eeClient((event) => events.push(event))
})
afterEach(() => vi.unstubAllGlobals())

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

describe('the client', () => {
  it('matches answers to calls, in whatever order they come', async () => {
    const first = client.call('prove-device', { method: 'GET', url: 'https://a.example/' })
    const second = client.call('stats', {})
    const ids = worker.posted.map((message) => (message.type === 'call' ? message.id : 0))
    worker.say({ type: 'reply', id: ids[1]!, reply: { transforms: [], generation: null } })
    worker.say({ type: 'failed', id: ids[0]!, code: 'E_PIN' })
    expect(await second).toEqual({ transforms: [], generation: null })
    expect(await first.catch(codeOf)).toBe('E_PIN')
  })

  it('passes events on and takes answers to nothing calmly', () => {
    worker.say({ type: 'need-token' })
    worker.say({ type: 'reply', id: 99, reply: {} })
    expect(events).toEqual([{ type: 'need-token' }])
  })

  it.each(['onerror', 'onmessageerror'] as const)(
    'fails every call and ends the worker after %s',
    async (handler) => {
      const pending = client.call('stats', {})
      worker[handler]?.()
      worker[handler]?.()
      expect(await pending.catch(codeOf)).toBe('E_INTERNAL')
      expect(await client.call('stats', {}).catch(codeOf)).toBe('E_INTERNAL')
      expect(worker.terminated).toBe(true)
      expect(events).toEqual([{ type: 'warning', code: 'E_INTERNAL', memberId: null }])
    },
  )

  it('hands the direction to every transform, whatever the page says', () => {
    const made: unknown[] = []
    vi.stubGlobal('RTCRtpScriptTransform', function note(owner: unknown, options: unknown) {
      made.push([owner, options])
    })
    client.encryptTransform({ streamIdx: 0, kind: 'audio', codec: 'opus' })
    client.decryptTransform({ consumerId: 'c', owner: 'm', kind: 'audio' })
    expect(made).toEqual([
      [worker, { dir: 'encrypt', streamIdx: 0, kind: 'audio', codec: 'opus' }],
      [worker, { dir: 'decrypt', consumerId: 'c', owner: 'm', kind: 'audio' }],
    ])
  })

  it('says that a browser without script transforms is not supported', () => {
    vi.stubGlobal('isSecureContext', true)
    expect(E2eeClient.supported()).toBe(false)
  })
})
