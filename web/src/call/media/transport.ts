/** One mediasoup transport towards the TCS: opened, kept alive over cuts of the path, and closed. */
import type { types } from 'mediasoup-client'
import type { Calls } from '@huisclos/e2ee-worker/calls'
import type { Admission, RelayCredentials, TransportInfo } from '@huisclos/sfu/protocol'
import { CallError } from '../outcome/errors.ts'
import { bytesOf, isBytes, type Ask } from '../signalling/signal.ts'

export interface TransportContext {
  readonly ask: Ask
  /** Rejects, with E_TCS, unless the TCS that proved itself also signed this transport. */
  readonly check: (transport: Calls['check-transport']['request']) => Promise<unknown>
  readonly device: types.Device
  readonly iceTransportPolicy: Admission['iceTransportPolicy']
  /** The newest credentials: they are renewed while transports are being made. */
  readonly relay: () => RelayCredentials
  readonly onConnected: () => void
  /** The path could not be mended: media has to be set up anew. */
  readonly onDead: () => void
}

/** Chromium says "disconnected" for short gaps too; most heal within this time. */
const DISCONNECTED_MS = 2_500
/** A path not standing after this long needs another try. */
const CONNECTING_MS = 8_000
const MOST_RESTARTS_IN_A_ROW = 3

const SETTINGS: Partial<RTCConfiguration> & { readonly encodedInsertableStreams: true } = {
  // Without this Chromium sends in clear what has no transform yet; with it nothing leaves (fail closed).
  encodedInsertableStreams: true,
  // The relay is asked for a path at once, not only when there is something to send or to receive.
  iceCandidatePoolSize: 1,
}

export class MediaTransport {
  readonly transport: types.Transport
  readonly #context: TransportContext
  #restarting: Promise<void> | null = null
  #restarts = 0
  #watch: ReturnType<typeof setTimeout> | undefined

  /** @throws CallError E_TCS when the TCS has not signed the DTLS certificate, or the refusal of the TCS. */
  static async open(
    direction: 'send' | 'recv',
    context: TransportContext,
  ): Promise<MediaTransport> {
    const info = await context.ask('create-transport', { direction })
    // DTLS trusts whatever fingerprint it is given, so only signed ones are given to it.
    await context.check(signedOf(info, direction))
    const options: types.TransportOptions = {
      id: info.transportId,
      iceParameters: info.iceParameters as types.IceParameters,
      iceCandidates: info.iceCandidates as types.IceCandidate[],
      dtlsParameters: info.dtlsParameters as types.DtlsParameters,
      iceServers: iceServersOf(context.relay()),
      iceTransportPolicy: context.iceTransportPolicy,
      additionalSettings: SETTINGS,
    }
    const transport =
      direction === 'send'
        ? context.device.createSendTransport(options)
        : context.device.createRecvTransport(options)
    return new MediaTransport(transport, context)
  }

  private constructor(transport: types.Transport, context: TransportContext) {
    this.transport = transport
    this.#context = context
    transport.on('connect', ({ dtlsParameters }, done) => {
      const answer = context.ask('connect-transport', { transportId: transport.id, dtlsParameters })
      // The TCS works in the order asked, so what comes next need not wait for the answer.
      done()
      answer.catch(() => this.#die())
    })
    transport.on('connectionstatechange', (state) => this.#changed(state))
  }

  get id(): string {
    return this.transport.id
  }

  /** New paths through the relay, with fresh credentials. Calls during a restart share it. */
  restart(): Promise<void> {
    if (this.transport.closed) return Promise.resolve()
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = null
    })
    return this.#restarting
  }

  async renew(relay: RelayCredentials): Promise<void> {
    if (!this.transport.closed)
      await this.transport.updateIceServers({ iceServers: iceServersOf(relay) })
  }

  close(): void {
    clearTimeout(this.#watch)
    this.transport.close()
  }

  async #restart(): Promise<void> {
    if (++this.#restarts > MOST_RESTARTS_IN_A_ROW) {
      this.#die()
      return
    }
    try {
      await this.renew(await this.#context.ask('relay-credentials', {}))
      const { iceParameters } = await this.#context.ask('restart-ice', { transportId: this.id })
      await this.transport.restartIce({ iceParameters: iceParameters as types.IceParameters })
      this.#watchFor(CONNECTING_MS)
    } catch {
      // A cut socket is mended by the call, which makes new transports; anything else has to be made new too.
      this.#die()
    }
  }

  #die(): void {
    if (!this.transport.closed) this.#context.onDead()
  }

  #changed(state: types.ConnectionState): void {
    clearTimeout(this.#watch)
    if (state === 'connected') {
      this.#restarts = 0
      this.#context.onConnected()
    }
    if (state === 'connecting') this.#watchFor(CONNECTING_MS)
    if (state === 'disconnected') this.#watchFor(DISCONNECTED_MS)
    if (state === 'failed') void this.restart()
  }

  #watchFor(durationMs: number): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => {
      if (this.transport.connectionState !== 'connected') void this.restart()
    }, durationMs)
  }
}

/** What the TCS has signed of a transport. @throws CallError E_TCS when something of it is missing. */
function signedOf(info: TransportInfo, direction: 'send' | 'recv') {
  const { fingerprints = [] } = info.dtlsParameters as Partial<types.DtlsParameters>
  if (fingerprints.length === 0 || !isBytes(info.signature)) throw new CallError('E_TCS')
  return {
    transportId: info.transportId,
    direction,
    fingerprints: fingerprints.map(({ algorithm, value }) => ({ algorithm, value })),
    signature: bytesOf(info.signature),
  }
}

function iceServersOf(relay: RelayCredentials): RTCIceServer[] {
  return [{ urls: [...relay.urls], username: relay.username, credential: relay.credential }]
}
