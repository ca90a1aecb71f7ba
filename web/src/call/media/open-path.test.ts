import { expect, it, vi } from 'vitest'
import type { types } from 'mediasoup-client'
import { openPath } from './open-path.ts'

const opus = { mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 }
const device = (codecs: object[], handlerName = 'Chrome111') =>
  ({ handlerName, recvRtpCapabilities: { codecs } }) as unknown as types.Device

it('a path is opened with a stream that nobody hears and that ends at once', async () => {
  const close = vi.fn()
  const consume = vi.fn().mockResolvedValue({ close })
  await openPath({ consume } as unknown as types.Transport, device([opus]))
  expect(consume).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({
      kind: 'audio',
      rtpParameters: expect.objectContaining({ mid: 'path' }) as object,
    }),
  )
  expect(close).toHaveBeenCalledTimes(1)
})

it.each([
  ['a browser that cannot receive such a stream', device([])],
  ['Firefox', device([opus], 'Firefox120')],
])('%s opens its path with the first stream', async (_, itself) => {
  const consume = vi.fn()
  await openPath({ consume } as unknown as types.Transport, itself)
  expect(consume).not.toHaveBeenCalled()
})
