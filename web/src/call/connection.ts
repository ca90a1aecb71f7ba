/** One connection to the TCS with everything that lives and ends with it: signalling, media, monitoring. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Admission, PeerId, Requests, TcsCode } from '@huisclos/sfu/protocol'
import type { Diagnostics } from './health/diagnostics.ts'
import type { Keyring } from './signalling/key-messages.ts'
import { loadDevice } from './media/load-device.ts'
import { Media } from './media/media.ts'
import type { MediaOptions } from './media/media-options.ts'
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
  readonly onGone: (peerId: PeerId) => void
  /** Something left that was not sealed; sending has been stopped. */
  readonly onLeak: () => void
}

export class Connection {
  readonly #options: ConnectionOptions
  readonly #signal: Signal
  readonly #media: Media
  readonly #rtpCapabilities: types.RtpCapabilities
  #monitor: Monitor | null = null
  #closed = false

  /** Connects and proves who we are; the TCS proves itself in turn. Nobody hears of it yet. @throws CallError */
  static async open(options: ConnectionOptions): Promise<Connection> {
    // Before `join` there are no events but the last word, and so none before this object.
    const late: { connection: Connection | null } = { connection: null }
    const { signal, admission } = await Signal.open({
      origin: options.origin,
      prove: (challenge) => options.e2ee.call('prove-to-tcs', challenge),
      check: (identity) => options.e2ee.call('check-tcs', identity),
      handlers: handlersOf(options, () => late.connection),
      onCut: options.onCut,
    })
    try {
      const device = await loadDevice(admission)
      late.connection = new Connection(options, { signal, admission, device })
      // Paths through the relay take most of the time of joining, so they are opened before it.
      void late.connection.media.build()
      return late.connection
    } catch (error) {
      signal.close()
      throw error
    }
  }

  private constructor(
    options: ConnectionOptions,
    { signal, admission, device }: { signal: Signal; admission: Admission; device: types.Device },
  ) {
    this.#options = options
    this.#signal = signal
    this.#rtpCapabilities = device.recvRtpCapabilities
    this.#media = this.#makeMedia(admission, device)
  }

  get media(): Media {
    return this.#media
  }

  /**
   * Enters the room: from here on the others know of us, and keys can be exchanged.
   * @param fresh resolves when our token and clock are of now: the first greeting names them
   * @throws CallError, and what `fresh` rejects with
   */
  async enter(fresh: Promise<void>): Promise<void> {
    const { keyring } = this.#options
    const joining = this.#signal
      .ask('join', { rtpCapabilities: this.#rtpCapabilities })
      .then((room) => this.#met(room))
    // The TCS works in order, so what is sent need not wait for the answer.
    void this.#media.enter()
    const [peerIds] = await Promise.all([joining, fresh])
    if (!this.#closed) keyring.connected(this.#signal.ask, peerIds)
  }

  /** Whether or not the TCS takes it, the connection stays: if our access has ended, the TCS ends it and says why. */
  async renewToken(token: string): Promise<void> {
    await this.#signal.ask('renew-token', { token }).catch(() => undefined)
  }

  /** Tells the others that we will not come back. */
  leave(): Promise<unknown> {
    return this.#signal.ask('leave', {})
  }

  /** The media worker of the TCS died: everybody makes new transports. */
  resetMedia(): void {
    this.#monitor?.restart()
    this.#options.peers.mediaReset()
    void this.#media.reset()
  }

  /** Idempotent. Worker, keys and devices stay. */
  close(): void {
    this.#closed = true
    this.#monitor?.close()
    this.#options.keyring.cut()
    this.#signal.close()
    this.#media.close()
    this.#options.peers.cut()
  }

  #met({ peers, producers }: Requests['join']['reply']): readonly PeerId[] {
    if (this.#closed) return []
    this.#options.peers.roster(peers)
    for (const producer of producers) {
      this.#options.peers.announced(producer)
      this.#media.producerAdded(producer)
    }
    this.#media.pageVisible(!document.hidden)
    this.#monitor = this.#watch()
    return peers
  }

  #watch(): Monitor {
    const { diagnose, onLeak } = this.#options
    return new Monitor({
      read: diagnose,
      onLeak: () => {
        this.#media.stopSending()
        onLeak()
      },
      onCap: (cap) => void this.#media.limitLayers(cap),
    })
  }

  #makeMedia(admission: Admission, device: types.Device): Media {
    const { e2ee, peers, publishing, outgoing, onProblem, onCut } = this.#options
    return new Media({
      ask: this.#signal.ask,
      admission,
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
  { peers, keyring, onGone }: ConnectionOptions,
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
      onGone(peerId)
      media()?.peerGone(peerId)
      keyring.departed(peerId, reason)
    },
    'producer-added': (producer) => {
      peers.announced(producer)
      media()?.producerAdded(producer)
    },
    'producer-paused': ({ producerId }) => {
      peers.announcedPaused(producerId, true)
      media()?.producerPaused(producerId, true)
    },
    'producer-resumed': ({ producerId }) => {
      peers.announcedPaused(producerId, false)
      media()?.producerPaused(producerId, false)
    },
    'producer-closed': ({ producerId }) => {
      peers.withdrawn(producerId)
      media()?.producerClosed(producerId)
    },
    'e2ee-message': ({ from, bytes }) => keyring.receive(from, bytes),
    'transport-disconnected': ({ transportId }) => void media()?.restart(transportId),
    'media-reset': () => connection()?.resetMedia(),
    'active-speakers': ({ peerIds }) => peers.activeSpeakers(peerIds),
    // The signal keeps it as the reason of the cut that follows.
    goodbye: () => undefined,
  }
}
