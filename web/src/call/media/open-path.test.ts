import { expect, it, vi } from 'vitest'
import type { types } from 'mediasoup-client'
import { openPath } from './open-path.ts'

const opus = { mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 }
const device = (codecs: object[]) =>
  ({ recvRtpCapabilities: { codecs } }) as unknown as types.Device

/** As much of a transport as a path needs. */
function opening(connectionState: string) {
  const close = vi.fn()
  const consume = vi.fn().mockResolvedValue({ close })
  const told: (() => void)[] = []
  const on = (_: string, tell: () => void): unknown => told.push(tell)
  const transport = { consume, connectionState, on }
  const become = (state: string): void => {
    transport.connectionState = state
    for (const tell of told) tell()
  }
  return { transport: transport as unknown as types.Transport, consume, close, become }
}

it('a path is opened with a stream that nobody hears and that ends when the path stands', async () => {
  const { transport, consume, close, become } = opening('connecting')
  await openPath(transport, device([opus]))
  expect(consume.mock.calls[0]![0]).toMatchObject({
    kind: 'audio',
    // What the TCS sends later has other names.
    rtpParameters: { mid: 'path', codecs: [{ payloadType: 100, channels: 2 }] },
  })
  expect(close).not.toHaveBeenCalled()
  become('disconnected')
  expect(close).not.toHaveBeenCalled()
  become('connected')
  expect(close).toHaveBeenCalledTimes(1)
})

it('a path that stands at once needs its stream no longer', async () => {
  const { transport, close } = opening('connected')
  await openPath(transport, device([opus]))
  expect(close).toHaveBeenCalledTimes(1)
})

it('a browser that cannot receive such a stream opens its path with the first stream', async () => {
  const { transport, consume } = opening('new')
  await openPath(transport, device([]))
  expect(consume).not.toHaveBeenCalled()
})
