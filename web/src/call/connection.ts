/** One connection to the TCS with everything that lives and ends with it: signalling, media, monitoring. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Admission, TcsCode } from '@huisclos/sfu/protocol'
import type { Diagnostics } from './health/diagnostics.ts'
import type { Keyring } from './signalling/key-messages.ts'
import { loadDevice } from './media/load-device.ts'
import { Media, type MediaOptions } from './media/media.ts'
import { Monitor } from './health/monitor.ts'
import type { Peers } from './people/peers.svelte.ts'
import type { Publishing } from './media/publishing.ts'
import { Signal, type EventHandlers } from './signalling/signal.ts'

export interface ConnectionOptions {
  readonly origin: string
  readonly e2ee: E2eeClient
  readonly keyring: Keyring
  readonly peers: Peers
  readonly publishing: Publishing
  readonly outgoing: MediaOptions['outgoing']
  readonly diagnose: () => Promise<Diagnostics>
  readonly onCut: (code: TcsCode | 'disconnected' | 'E_TCS') => void
  readonly onProblem: (code: string) => void
  /** Something left that was not sealed; sending has been stopped. */
  readonly onLeak: () => void
}

export class Connection {
  readonly #options: ConnectionOptions
  readonly #signal: Signal
  readonly #admission: Admission
  #media: Media | null = null
  #monitor: Monitor | null = null
  #closed = false

  /** Connects and proves who we are; the TCS proves itself in turn. @throws CallError */
  static async open(options: ConnectionOptions): Promise<Connection> {
    // Events exist only after `join`, and so after this object does.
    const late: { connection: Connection | null } = { connection: null }
    const { signal, admission } = await Signal.open({
      origin: options.origin,
      prove: (challenge) => options.e2ee.call('prove-to-tcs', challenge),
      check: (identity) => options.e2ee.call('check-tcs', identity),
      handlers: handlersOf(options, () => late.connection),
      onCut: options.onCut,
    })
    late.connection = new Connection(options, signal, admission)
    return late.connection
  }

  private constructor(options: ConnectionOptions, signal: Signal, admission: Admission) {
    this.#options = options
    this.#signal = signal
    this.#admission = admission
  }

  get media(): Media | null {
    return this.#media
  }

  /** Enters the room: from here on the others know of us, and keys can be exchanged. @throws CallError */
  async enter(): Promise<void> {
    const { keyring, peers, diagnose, onLeak } = this.#options
    const device = await loadDevice(this.#admission)
    const media = this.#makeMedia(device)
    this.#media = media
    const rtpCapabilities = device.recvRtpCapabilities
    const room = await this.#signal.ask('join', { rtpCapabilities })
    if (this.#closed) return
    peers.roster(room.peers)
    keyring.connected(this.#signal.ask, room.peers)
    for (const producer of room.producers) media.producerAdded(producer)
    media.pageVisible(!document.hidden)
    this.#monitor = new Monitor({
      read: diagnose,
      onLeak: () => {
        media.stopSending()
        onLeak()
      },
      onCap: (cap) => void media.limitLayers(cap),
    })
  }

  /** Tells the others that we will not come back. */
  leave(): Promise<unknown> {
    return this.#signal.ask('leave', {})
  }

  /** The media worker of the TCS died: everybody makes new transports. */
  resetMedia(): void {
    this.#monitor?.restart()
    void this.#media?.reset()
  }

  /** Idempotent. Worker, keys and devices stay. */
  close(): void {
    this.#closed = true
    this.#monitor?.close()
    this.#options.keyring.cut()
    this.#signal.close()
    this.#media?.close()
    this.#options.peers.activeSpeakers([])
  }

  #makeMedia(device: types.Device): Media {
    const { e2ee, peers, publishing, outgoing, onProblem, onCut } = this.#options
    return new Media({
      ask: this.#signal.ask,
      admission: this.#admission,
      device,
      checkTransport: (transport) => e2ee.call('check-transport', transport),
      e2ee,
      publish: (stream) => publishing.publish(stream),
      outgoing,
      onStream: (stream) => peers.streamAdded(stream),
      onStreamRemoved: (consumerId) => peers.streamRemoved(consumerId),
      onStreamPaused: (consumerId, paused) => peers.streamPaused(consumerId, paused),
      onProblem,
      onImpostor: () => onCut('E_TCS'),
    })
  }
}

function handlersOf(
  { peers, keyring }: ConnectionOptions,
  connection: () => Connection | null,
): EventHandlers {
  const media = (): Media | null => connection()?.media ?? null
  return {
    'peer-joined': ({ peerId }) => {
      peers.joined(peerId)
      keyring.joined(peerId)
    },
    'peer-left': ({ peerId, reason }) => {
      peers.departed(peerId, reason)
      media()?.peerGone(peerId)
      keyring.departed(peerId, reason)
    },
    'producer-added': (producer) => media()?.producerAdded(producer),
    'producer-paused': ({ producerId }) => media()?.producerPaused(producerId, true),
    'producer-resumed': ({ producerId }) => media()?.producerPaused(producerId, false),
    'producer-closed': ({ producerId }) => media()?.producerClosed(producerId),
    'e2ee-message': ({ from, bytes }) => keyring.receive(from, bytes),
    'transport-disconnected': ({ transportId }) => void media()?.restart(transportId),
    'media-reset': () => connection()?.resetMedia(),
    'active-speakers': ({ peerIds }) => peers.activeSpeakers(peerIds),
    // The signal keeps it as the reason of the cut that follows.
    goodbye: () => undefined,
  }
}
