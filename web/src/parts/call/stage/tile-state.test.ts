import { describe, expect, it } from 'vitest'
import { UNOPENED, type Opening, type PeerView } from '../../../call/people/peer-view.ts'
import { cautionOf, messageOf } from './tile-state.ts'

type Stream = PeerView['video']

const stream = (over: Partial<Opening & { paused: boolean }> = {}): Stream =>
  ({ paused: false, ...UNOPENED, state: 'decrypting', ...over }) as Stream

const peer = (over: Partial<PeerView> = {}) =>
  ({
    presence: 'present',
    pending: false,
    verification: 'known',
    audio: stream(),
    video: stream(),
    ...over,
  }) as PeerView

const message = (over: Partial<PeerView>) => messageOf(peer(over), 'Grace')
const caution = (over: Partial<PeerView>) => cautionOf(peer(over), 'Grace')

describe('a tile', () => {
  it('says nothing while all is well', () => {
    expect(message({})).toBeNull()
    expect(caution({})).toBeNull()
    expect(message({ audio: null, video: null })).toBeNull()
  })

  it('names why a picture or a voice cannot be decrypted', () => {
    const state = 'cannot-decrypt'
    expect(message({ video: stream({ state, code: 'E_FRAME_AUTH' }) })).toMatchObject({
      text: expect.stringMatching(/Grace’s video .*altered/) as string,
      alarming: true,
      code: 'E_FRAME_AUTH',
    })
    expect(message({ audio: stream({ state, code: 'E_NO_KEY' }) })).toMatchObject({
      text: expect.stringMatching(/Grace’s voice .*key/) as string,
      alarming: true,
      code: 'E_NO_KEY',
    })
  })

  it('tells forged pictures and voices, and another device, before anything else', () => {
    const forged = stream({ authenticity: 'forged', delayed: true })
    expect(message({ audio: forged })).toMatchObject({ alarming: true, code: 'E_VOUCH' })
    expect(message({ video: forged })).toMatchObject({ alarming: true, code: 'E_VOUCH' })
    expect(message({ video: forged, verification: 'changed' })).toMatchObject({
      alarming: true,
      code: 'E_IK_CHANGED',
    })
  })

  it('waits for a key without alarm', () => {
    expect(message({ video: stream({ state: 'waiting' }) })).toMatchObject({ alarming: false })
  })

  it('cautions of what is withheld or not vouched for, and keeps showing it', () => {
    expect(caution({ video: stream({ delayed: true }) })).toMatch(/withheld.*Grace/)
    expect(caution({ audio: stream({ authenticity: 'unvouched', delayed: true }) })).toMatch(
      /Grace/,
    )
    expect(message({ video: stream({ delayed: true, authenticity: 'unvouched' }) })).toBeNull()
  })

  it('says nothing of what its owner has paused', () => {
    const paused = stream({ paused: true, delayed: true, state: 'cannot-decrypt' })
    expect(message({ video: paused, audio: paused })).toBeNull()
    expect(caution({ video: paused, audio: paused })).toBeNull()
  })

  it('says that we are connecting while nothing can have reached us, without alarm', () => {
    const none = { audio: null, video: null, pending: true }
    expect(message(none)).toEqual({ text: 'Connecting…', alarming: false, code: null })
    expect(message({ pending: true, audio: null })).toBeNull()
  })

  it('says that somebody reconnects, and nothing else of them meanwhile', () => {
    const lost = { presence: 'reconnecting', video: stream({ delayed: true }) } as const
    expect(message(lost)).toMatchObject({ alarming: false, code: null })
    expect(caution(lost)).toBeNull()
  })
})
