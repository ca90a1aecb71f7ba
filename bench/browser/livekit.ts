/** livekit-client's own worker code, told what to do by its own messages. */
import 'livekit-client/e2ee-worker'
import { StreamLane } from './lane.ts'
import { answer } from './party.ts'

// Its worker listens by `onmessage`, which is called here as the page would have it called.
const tell = (kind: string, data: object): void => {
  ;(globalThis as unknown as { onmessage(event: { data: object }): void }).onmessage({
    data: { kind, data },
  })
}

// Its defaults, with one key for each participant.
const keyProviderOptions = {
  ...{ sharedKey: false, ratchetSalt: 'LKFrameEncryptionKey', ratchetWindowSize: 8 },
  ...{ failureTolerance: 10, keyringSize: 16, keySize: 128 },
}
tell('init', { loglevel: 'silent', keyProviderOptions })

const members = new Map<number, Promise<void>>()

function enter(number: number): Promise<void> {
  const entered = members.get(number) ?? setKey(String(number))
  members.set(number, entered)
  return entered
}

async function setKey(participantIdentity: string): Promise<void> {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, [
    'deriveBits',
    'deriveKey',
  ])
  tell('enable', { enabled: true, participantIdentity })
  tell('setKey', { participantIdentity, key, keyIndex: 0, updateCurrentKeyIndex: true })
}

answer({
  async open(number, kind) {
    await enter(number)
    const [encrypt, decrypt] = [new StreamLane(), new StreamLane()]
    const participantIdentity = String(number)
    const codec = kind === 'video' ? 'vp8' : undefined
    for (const [way, { transformer }] of [
      ['encode', encrypt],
      ['decode', decrypt],
    ] as const) {
      tell(way, {
        ...{ participantIdentity, codec, trackId: `${number} ${kind} ${way}` },
        ...{ readableStream: transformer.readable, writableStream: transformer.writable },
        hasPacketTrailer: false,
      })
    }
    return { encrypt, decrypt }
  },
})
