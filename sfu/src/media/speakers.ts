/** Who speaks, from the audio level that clients put into RTP headers: told only when it changes. */
import type { AudioLevelObserver, Router } from 'mediasoup/types'
import type { PeerId } from '../protocol.ts'

const INTERVAL_MS = 400
const THRESHOLD_DBVO = -60
const MOST_SPEAKERS = 5

export async function watchSpeakers(
  router: Router,
  speakerOf: (producerId: string) => PeerId | undefined,
  tell: (peerIds: readonly PeerId[]) => void,
): Promise<AudioLevelObserver> {
  const observer = await router.createAudioLevelObserver({
    interval: INTERVAL_MS,
    threshold: THRESHOLD_DBVO,
    maxEntries: MOST_SPEAKERS,
  })
  let told = ''
  const change = (peerIds: readonly PeerId[]): void => {
    const key = peerIds.join()
    if (key === told) return
    told = key
    tell(peerIds)
  }
  observer.on('silence', () => change([]))
  observer.on('volumes', (volumes) => {
    const speakers = volumes.map(({ producer }) => speakerOf(producer.id))
    change(speakers.filter((peerId) => peerId !== undefined))
  })
  return observer
}
