/** The test tap: shows every RTP packet as the TCS sees it once SRTP is off. Absent unless asked for. */
import type { DirectTransport, Router } from 'mediasoup/types'
import type { PeerId, ProducerInfo, Source } from '../protocol.ts'

export type OnRtp = (
  packet: Buffer,
  from: { readonly peerId: PeerId; readonly source: Source },
) => void

export class Tap {
  readonly #router: Router
  readonly #transport: DirectTransport
  readonly #onRtp: OnRtp

  private constructor(router: Router, transport: DirectTransport, onRtp: OnRtp) {
    this.#router = router
    this.#transport = transport
    this.#onRtp = onRtp
  }

  static async open(router: Router, onRtp: OnRtp): Promise<Tap> {
    return new Tap(router, await router.createDirectTransport(), onRtp)
  }

  async add({ producerId, peerId, source }: ProducerInfo): Promise<void> {
    const consumer = await this.#transport.consume({
      producerId,
      rtpCapabilities: this.#router.rtpCapabilities,
      // All encodings, as they come in.
      pipe: true,
    })
    consumer.on('rtp', (packet) => this.#onRtp(packet, { peerId, source }))
  }
}
