import { expect, it, vi } from 'vitest'
import type { types } from 'mediasoup-client'
import { CallError } from '../outcome/errors.ts'
import type { Ask } from '../signalling/signal.ts'
import { MediaTransport, type TransportContext } from './transport.ts'

const fingerprints = [
  { algorithm: 'sha-1', value: '01:02' },
  { algorithm: 'sha-256', value: 'AA:BB' },
]
const info = {
  transportId: 't',
  dtlsParameters: { fingerprints, role: 'auto' },
  signature: new Uint8Array([9]).buffer,
}

function context(created: object, check = vi.fn().mockResolvedValue({})) {
  const make = vi.fn(() => ({ id: 't', on: () => undefined }))
  return {
    make,
    check,
    ask: vi.fn().mockResolvedValue(created) as unknown as Ask,
    device: { createSendTransport: make, createRecvTransport: make } as unknown as types.Device,
    iceTransportPolicy: 'relay',
    relay: () => ({ urls: [], username: '', credential: '', expiresAtMs: 0 }),
    onConnected: () => undefined,
    onDead: () => undefined,
  } satisfies TransportContext & { make: unknown }
}

it('M6 a transport is used after the signature over its DTLS fingerprints was checked', async () => {
  const all = context(info)
  await MediaTransport.open('recv', all)
  expect(all.check).toHaveBeenCalledExactlyOnceWith({
    transportId: 't',
    direction: 'recv',
    fingerprints,
    signature: new Uint8Array([9]),
  })
  expect(all.make).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ dtlsParameters: info.dtlsParameters }),
  )
})

it('M6 a transport whose signature is refused is never made', async () => {
  const all = context(info, vi.fn().mockRejectedValue(new CallError('E_TCS')))
  await expect(MediaTransport.open('send', all)).rejects.toMatchObject({ code: 'E_TCS' })
  expect(all.make).not.toHaveBeenCalled()
})

it.each([
  ['no signature', { ...info, signature: undefined }],
  ['no fingerprint', { ...info, dtlsParameters: { fingerprints: [] } }],
  ['no fingerprints at all', { ...info, dtlsParameters: {} }],
])('M6 a transport with %s is never made', async (_, created) => {
  const all = context(created)
  await expect(MediaTransport.open('send', all)).rejects.toMatchObject({ code: 'E_TCS' })
  expect(all.check).not.toHaveBeenCalled()
  expect(all.make).not.toHaveBeenCalled()
})

it('does not wait for the answer to connect-transport, and is made anew when it is refused', async () => {
  let connect: (what: object, done: () => void) => void = () => undefined
  let refuse: (error: CallError) => void = () => undefined
  const all = context(info)
  const onDead = vi.fn()
  all.make.mockReturnValue({
    id: 't',
    closed: false,
    on: (event: string, listener: typeof connect) => {
      if (event === 'connect') connect = listener
    },
  } as never)
  const asked: string[] = []
  const ask = (type: string): Promise<unknown> => {
    asked.push(type)
    if (type === 'create-transport') return Promise.resolve(info)
    return new Promise((_, reject) => (refuse = reject))
  }
  await MediaTransport.open('send', { ...all, onDead, ask: ask as Ask })
  const done = vi.fn()
  connect({ dtlsParameters: {} }, done)
  expect(asked).toEqual(['create-transport', 'connect-transport'])
  expect(done).toHaveBeenCalledTimes(1)
  expect(onDead).not.toHaveBeenCalled()
  refuse(new CallError('bad-request'))
  await vi.waitFor(() => expect(onDead).toHaveBeenCalledTimes(1), { timeout: 20_000 })
})
