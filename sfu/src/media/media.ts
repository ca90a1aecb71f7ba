/** All media of this TCS behind one interface: the only door to mediasoup. */
import { setLogEventListeners } from 'mediasoup'
import type { Logger } from 'pino'
import type { ForwardingEvents, Media, MediaCounters, RoomForwarding } from '../room/forwarding.ts'
import { routerRtpCapabilities } from './codecs.ts'
import { MediaRoom } from './room-media.ts'
import type { OnRtp } from './tap.ts'
import { Workers } from './workers.ts'

export interface MediaOptions {
  readonly workers: number
  readonly workerBin?: string
  readonly peerAddress: string
  readonly logger: Logger
  readonly onRtp?: OnRtp
}

/** Rejects with TcsError `media-unavailable` when the workers do not start. */
export async function openMedia(options: MediaOptions): Promise<Media> {
  const { workers: count, onRtp, logger, ...rest } = options
  // mediasoup's log is one for the whole process; its lines name ids and addresses, never media or keys.
  setLogEventListeners({
    onwarn: (namespace, line) => logger.debug({ namespace }, line),
    onerror: (namespace, line) => logger.warn({ namespace }, line),
  })
  return new MediasoupMedia(await Workers.start({ count, logger, ...rest }), logger, onRtp)
}

class MediasoupMedia implements Media {
  readonly rtpCapabilities = routerRtpCapabilities()
  readonly #workers: Workers
  readonly #logger: Logger
  readonly #onRtp: OnRtp | undefined
  readonly #rooms = new Set<MediaRoom>()

  constructor(workers: Workers, logger: Logger, onRtp: OnRtp | undefined) {
    this.#workers = workers
    this.#logger = logger
    this.#onRtp = onRtp
  }

  openRoom(events: ForwardingEvents): RoomForwarding {
    const room = new MediaRoom({
      workers: this.#workers,
      events,
      logger: this.#logger,
      onClose: () => this.#rooms.delete(room),
      ...(this.#onRtp === undefined ? {} : { onRtp: this.#onRtp }),
    })
    this.#rooms.add(room)
    return room
  }

  workerPort(address: string, port: number): number | null {
    return this.#workers.portOf(address, port)
  }

  counters(): MediaCounters {
    const sum = (count: (room: MediaRoom) => number): number =>
      Array.from(this.#rooms, count).reduce((total, one) => total + one, 0)
    return {
      workers: this.#workers.running,
      transports: this.#workers.transports,
      producers: sum((room) => room.producerCount),
      consumers: sum((room) => room.consumers),
    }
  }

  async close(): Promise<void> {
    for (const room of [...this.#rooms]) room.close()
    await this.#workers.close()
  }
}
