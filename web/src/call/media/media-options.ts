/** What the media of one connection needs of the call around it. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { StreamDescriptor } from '@huisclos/e2ee-worker/protocol'
import type { Admission } from '@huisclos/sfu/protocol'
import type { RemoteStream } from '../people/peer-view.ts'
import type { Ask } from '../signalling/signal.ts'
import type { TransportContext } from './transport.ts'
import type { SentSource } from './uplink.ts'

export interface MediaOptions {
  readonly ask: Ask
  readonly admission: Admission
  readonly device: types.Device
  readonly checkTransport: TransportContext['check']
  readonly e2ee: E2eeClient
  readonly publish: (stream: StreamDescriptor) => Promise<void>
  /** What may be sent as this source now: the open device that the person wants on, or null. */
  readonly outgoing: (source: SentSource) => MediaStreamTrack | null
  readonly onStream: (stream: RemoteStream) => void
  readonly onStreamRemoved: (consumerId: string) => void
  readonly onStreamPaused: (consumerId: string, paused: boolean) => void
  /** Sending or receiving one stream failed for good; the rest goes on. */
  readonly onProblem: (code: string) => void
  /** The TCS gave us a transport that it has not signed: no media goes there. */
  readonly onImpostor: () => void
}
