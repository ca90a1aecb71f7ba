/**
 * The media of the TCS in the hands of an attacker: reads what is forwarded, forwards something else, holds it back.
 *
 * mediasoup's observer tells of every router and transport that the honest TCS makes.
 */
import { observer } from 'mediasoup'
import type { Consumer, DirectTransport, Producer, Router, Transport } from 'mediasoup/types'
import type { ConsumerInfo } from '@huisclos/sfu/protocol'
import type { Party } from './parties.ts'
import type { Asked } from './wire.ts'

interface Known {
  readonly router: Router
  readonly transport: Transport
  readonly consumers: Set<Consumer>
}

/** What somebody is made to receive in place of a producer. */
export type Substitute = (router: Router) => Promise<string>

export class StolenMedia {
  readonly #transports = new Map<string, Known>()
  /** Consumers that the honest TCS does not know of, and in place of which producer they are. */
  readonly #own = new Map<string, { readonly consumer: Consumer; readonly producerId: string }>()

  /** To be called before the TCS starts. */
  tap(): void {
    observer.on('newworker', (worker) => {
      worker.observer.on('newrouter', (router) => {
        router.observer.on('newtransport', (transport) => {
          const consumers = new Set<Consumer>()
          this.#transports.set(transport.id, { router, transport, consumers })
          transport.observer.on('newconsumer', (consumer) => consumers.add(consumer))
        })
      })
    })
  }

  routerOf(party: Party): Router {
    return this.#known(party.transports.at(-1)?.id).router
  }

  /** What this member receives now, of whomever. */
  consumersOf(party: Party): Consumer[] {
    return party.transports.flatMap(({ id }) => [...this.#known(id).consumers])
  }

  /** Answers `consume` with another producer. */
  async consume(
    { by, request }: Extract<Asked, { type: 'consume' }>,
    substitute: Substitute,
  ): Promise<ConsumerInfo> {
    const { router, transport } = this.#known(request.transportId)
    if (by.rtpCapabilities === undefined) throw new Error('The victim has not joined')
    const consumer = await transport.consume({
      producerId: await substitute(router),
      rtpCapabilities: by.rtpCapabilities,
      paused: true,
    })
    this.#own.set(consumer.id, { consumer, producerId: request.producerId })
    return {
      ...{ consumerId: consumer.id, producerId: request.producerId, kind: consumer.kind },
      ...{ rtpParameters: consumer.rtpParameters, producerPaused: false, layers: null },
    }
  }

  /** Ends what this member receives as this producer, be it that or another: nothing of it may arrive afterwards. */
  release(party: Party, producerId: string): void {
    for (const consumer of this.consumersOf(party)) {
      const shownAs = this.#own.get(consumer.id)?.producerId ?? consumer.producerId
      if (shownAs === producerId) consumer.close()
    }
  }

  /** Answers what a client asks of consumers that we made. */
  control({ type, request }: Asked): Promise<unknown> | undefined {
    if (!('consumerId' in request)) return undefined
    const consumer = this.#own.get(request.consumerId)?.consumer
    if (consumer === undefined) return undefined
    return (async () => {
      if (type === 'resume-consumer') await consumer.resume()
      else if (type === 'pause-consumer') await consumer.pause()
      else if (type === 'close-consumer') consumer.close()
      else if (type === 'request-key-frame' && consumer.kind === 'video')
        await consumer.requestKeyFrame()
      return {}
    })()
  }

  /** The first packets of a producer as the TCS sees them, SRTP taken off. */
  async listen(router: Router, producerId: string, packets: number): Promise<Buffer[]> {
    const transport = await router.createDirectTransport()
    const heard = await new Promise<Buffer[]>((resolve, reject) => {
      const all: Buffer[] = []
      tapOf(router, transport, producerId, (packet) => {
        if (all.push(packet) === packets) resolve(all)
      }).catch(reject)
    })
    transport.close()
    return heard
  }

  #known(transportId: string | undefined): Known {
    const known = this.#transports.get(transportId ?? '')
    if (known === undefined) throw new Error('No such transport')
    return known
  }
}

/** Every packet of a producer, from all its encodings. */
export async function tapOf(
  router: Router,
  transport: DirectTransport,
  producerId: string,
  onPacket: (packet: Buffer) => void,
): Promise<void> {
  const { rtpCapabilities } = router
  const consumer = await transport.consume({ producerId, rtpCapabilities, pipe: true })
  consumer.on('rtp', onPacket)
}

export interface Outlet {
  readonly producer: Producer
  readonly payloadType: number
  readonly ssrc: number
}

/** A producer whose packets we write ourselves. */
export async function openOutlet(router: Router, kind: 'audio' | 'video'): Promise<Outlet> {
  const mimeType = kind === 'audio' ? 'audio/opus' : 'video/VP8'
  const codec = router.rtpCapabilities.codecs?.find((one) => one.mimeType === mimeType)
  const payloadType = codec?.preferredPayloadType
  if (codec === undefined || payloadType === undefined) throw new Error(`No ${mimeType} here`)
  const ssrc = 0x10000000 + Math.floor(Math.random() * 0x0fffffff)
  const transport = await router.createDirectTransport()
  const producer = await transport.produce({
    kind,
    rtpParameters: {
      codecs: [
        {
          ...{ mimeType, payloadType, clockRate: codec.clockRate, parameters: {} },
          ...(codec.channels === undefined ? {} : { channels: codec.channels }),
        },
      ],
      encodings: [{ ssrc }],
      rtcp: { cname: 'stolen' },
    },
  })
  return { producer, payloadType, ssrc }
}
