import { describe, expect, it, vi } from 'vitest'
import { openTogether } from './open-track.ts'

const named = (name: string): DOMException => new DOMException('', name)
const stream = (...kinds: string[]) =>
  ({ getTracks: () => kinds.map((kind) => ({ kind })) }) as unknown as MediaStream

function browser(granted: readonly string[] = []) {
  const getUserMedia = vi.fn((constraints: MediaStreamConstraints) =>
    Promise.resolve(stream(...Object.keys(constraints))),
  )
  const permissionOf = (kind: string): Promise<PermissionState> =>
    Promise.resolve(granted.includes(kind) ? 'granted' : 'denied')
  return { getUserMedia, permissionOf, open: openTogether({ getUserMedia, permissionOf }) }
}

describe('asking the browser', () => {
  it('puts one question for camera and microphone', async () => {
    const { open, getUserMedia } = browser()
    const [voice, picture] = await Promise.all([open('audio', 'm'), open('video', null)])
    expect([voice.kind, picture.kind]).toEqual(['audio', 'video'])
    expect(getUserMedia).toHaveBeenCalledExactlyOnceWith({
      audio: expect.objectContaining({ deviceId: { exact: 'm' } }) as object,
      video: expect.not.objectContaining({ deviceId: expect.anything() as object }) as object,
    })
  })

  it('asks for each alone when one of both is missing', async () => {
    const { open, getUserMedia } = browser()
    getUserMedia.mockImplementation((constraints) =>
      constraints.video === undefined
        ? Promise.resolve(stream('audio'))
        : Promise.reject(named('NotFoundError')),
    )
    const both = await Promise.allSettled([open('audio', null), open('video', null)])
    expect(both).toMatchObject([
      { status: 'fulfilled', value: { kind: 'audio' } },
      { status: 'rejected', reason: { name: 'NotFoundError' } },
    ])
  })

  it('takes any other when the remembered one is not plugged in', async () => {
    const { open, getUserMedia } = browser()
    getUserMedia.mockRejectedValueOnce(named('OverconstrainedError'))
    expect((await open('audio', 'gone')).kind).toBe('audio')
    expect(getUserMedia).toHaveBeenCalledTimes(2)
  })

  it('does not ask again after a refusal, but opens what was allowed before', async () => {
    const { open, getUserMedia } = browser(['audio'])
    getUserMedia.mockRejectedValueOnce(named('NotAllowedError'))
    const both = await Promise.allSettled([open('audio', null), open('video', null)])
    expect(both).toMatchObject([
      { status: 'fulfilled', value: { kind: 'audio' } },
      { status: 'rejected', reason: { name: 'NotAllowedError' } },
    ])
    expect(getUserMedia).toHaveBeenCalledTimes(2)
  })
})
