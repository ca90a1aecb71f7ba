import { expect, it, vi } from 'vitest'
import type { StreamDescriptor } from '@huisclos/e2ee-worker/protocol'
import { Publishing } from './publishing.ts'

const audio: StreamDescriptor = { idx: 0, kind: 'audio', codec: 'opus' }
const video: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }

it('names all streams to the worker, each new one once, also when media is set up anew', async () => {
  const call = vi.fn().mockResolvedValue({})
  const publishing = new Publishing({ call })
  await Promise.all([publishing.publish(audio), publishing.publish(video)])
  await publishing.publish(video)
  expect(call.mock.calls).toEqual([
    ['publish', { streams: [audio] }],
    ['publish', { streams: [audio, video] }],
  ])
  publishing.forget()
  await publishing.publish(video)
  expect(call).toHaveBeenLastCalledWith('publish', { streams: [video] })
})

it('whoever asks while the keys are being spread waits for them', async () => {
  let spread: () => void = () => undefined
  const call = vi.fn(() => new Promise<never>((resolve) => (spread = resolve as () => void)))
  const publishing = new Publishing({ call })
  const done = vi.fn()
  void publishing.publish(audio)
  const second = publishing.publish(audio).then(done)
  await Promise.resolve()
  expect(done).not.toHaveBeenCalled()
  spread()
  await second
  expect(call).toHaveBeenCalledTimes(1)
})

it('a stream whose keys could not be made may be tried again', async () => {
  const call = vi.fn().mockRejectedValueOnce(new Error('E_STATE')).mockResolvedValue({})
  const publishing = new Publishing({ call })
  await expect(publishing.publish(audio)).rejects.toThrow('E_STATE')
  await publishing.publish(audio)
  expect(call).toHaveBeenCalledTimes(2)
})

it('D6 a failure of the last session takes no stream from the new one', async () => {
  let fail: (error: Error) => void = () => undefined
  const call = vi
    .fn()
    .mockReturnValueOnce(new Promise((_, reject) => (fail = reject)))
    .mockResolvedValue({})
  const publishing = new Publishing({ call })
  const before = publishing.publish(audio)
  publishing.forget()
  await publishing.publish(audio)
  fail(new Error('E_STATE'))
  await expect(before).rejects.toThrow('E_STATE')
  await publishing.publish(video)
  expect(call).toHaveBeenLastCalledWith('publish', { streams: [audio, video] })
})
