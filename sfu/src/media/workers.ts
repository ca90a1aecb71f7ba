/** The mediasoup workers: as many as asked for, always; one that dies is replaced at once. */
import { createWorker } from 'mediasoup'
import type { Router, WebRtcServer, Worker } from 'mediasoup/types'
import type { Logger } from 'pino'
import { TcsError } from '../errors.ts'
import { guarded } from '../guarded.ts'
import { MEDIA_CODECS } from './codecs.ts'
import { Heartbeat } from './heartbeat.ts'

const LOOPBACK = '127.0.0.1'
const KILL_AFTER_MS = 3_000
/** A worker that lives shorter than this is replaced with growing delay, so that a crash loop does not take the CPU. */
const SHORT_LIFE_MS = 10_000
const LONGEST_DELAY_MS = 30_000
/** One that answers nothing for this many rounds is hung, and killed like a dead one would be replaced. */
const HEARTBEAT = { everyMs: 1_000, rounds: 4 } as const

export interface WorkersOptions {
  readonly count: number
  readonly workerBin?: string
  /** Made-up address of the announced candidates. */
  readonly peerAddress: string
  readonly logger: Logger
}

/** Where a room's media lives. */
export interface Place {
  readonly router: Router
  readonly webRtcServer: WebRtcServer
}

interface Seat {
  readonly worker: Worker
  readonly webRtcServer: WebRtcServer
  /** Announced port, which the relay sees as the peer's. */
  readonly udpPort: number
  readonly tcpPort: number
  readonly heartbeat: Heartbeat
  transports: number
}

export class Workers {
  readonly #options: WorkersOptions
  readonly #seats = new Set<Seat>()
  readonly #starting = new Set<Promise<unknown>>()
  readonly #delays = new Set<NodeJS.Timeout>()
  #shortLives = 0
  #closed = false

  private constructor(options: WorkersOptions) {
    this.#options = options
  }

  /** Rejects when one of the workers cannot start; none is left behind then. */
  static async start(options: WorkersOptions): Promise<Workers> {
    const workers = new Workers(options)
    try {
      await Promise.all(Array.from({ length: options.count }, () => workers.#start()))
    } catch (cause) {
      await workers.close()
      throw new TcsError('media-unavailable', 'a mediasoup worker does not start', { cause })
    }
    return workers
  }

  get running(): number {
    return this.#seats.size
  }

  get transports(): number {
    return Array.from(this.#seats, (seat) => seat.transports).reduce((sum, one) => sum + one, 0)
  }

  /** A new router on the least loaded worker. @throws {TcsError} `media-unavailable`. */
  async openRouter(): Promise<Place> {
    if (this.#seats.size === 0) await Promise.allSettled(this.#starting)
    const [seat] = [...this.#seats].sort(
      (a, b) => a.heartbeat.missed - b.heartbeat.missed || a.transports - b.transports,
    )
    if (seat === undefined || this.#closed) {
      throw new TcsError('media-unavailable', 'no media worker')
    }
    const router = await seat.worker.createRouter({ mediaCodecs: structuredClone(MEDIA_CODECS) })
    return { router, webRtcServer: seat.webRtcServer }
  }

  /** Loopback TCP port of the worker that announced this address and port. */
  portOf(address: string, port: number): number | null {
    if (address !== this.#options.peerAddress) return null
    for (const seat of this.#seats) if (seat.udpPort === port) return seat.tcpPort
    return null
  }

  /** Resolves when no worker process is left. */
  async close(): Promise<void> {
    this.#closed = true
    for (const delay of this.#delays) clearTimeout(delay)
    await Promise.allSettled(this.#starting)
    for (const { heartbeat } of this.#seats) heartbeat.stop()
    await Promise.all(Array.from(this.#seats, ({ worker }) => endWorker(worker)))
    this.#seats.clear()
  }

  #start(): Promise<void> {
    const started = this.#open().finally(() => this.#starting.delete(started))
    this.#starting.add(started)
    return started
  }

  async #open(): Promise<void> {
    const { workerBin, logger } = this.#options
    const worker = await createWorker({
      logLevel: 'warn',
      logTags: ['info', 'dtls', 'ice'],
      ...(workerBin === undefined ? {} : { workerBin }),
    })
    const startedAtMs = performance.now()
    try {
      const seat = await this.#seat(worker)
      worker.on('died', (error) => {
        this.#seats.delete(seat)
        seat.heartbeat.stop()
        logger.error({ pid: worker.pid, err: error }, 'media worker died')
        this.#replace(performance.now() - startedAtMs < SHORT_LIFE_MS)
      })
      if (worker.died) throw new TcsError('media-unavailable', 'a mediasoup worker died at once')
      this.#seats.add(seat)
      logger.info({ pid: worker.pid, port: seat.tcpPort }, 'media worker runs')
    } catch (error) {
      await endWorker(worker)
      throw error
    }
  }

  /**
   * Both sockets are loopback ones. The UDP one is there for its candidate, which is the only one that clients hear of;
   * the relay speaks RFC 4571 with the TCP one, whose tuples the worker takes without having announced them.
   */
  async #seat(worker: Worker): Promise<Seat> {
    const webRtcServer = await worker.createWebRtcServer({
      listenInfos: [
        { protocol: 'udp', ip: LOOPBACK, announcedAddress: this.#options.peerAddress },
        { protocol: 'tcp', ip: LOOPBACK },
      ],
    })
    const { udpSockets, tcpServers } = await webRtcServer.dump()
    const [udp, tcp] = [udpSockets[0], tcpServers[0]]
    if (udp === undefined || tcp === undefined) {
      throw new TcsError('media-unavailable', 'the worker does not listen')
    }
    const seat = {
      ...{ worker, webRtcServer, udpPort: udp.port, tcpPort: tcp.port },
      heartbeat: this.#watch(worker),
      transports: 0,
    }
    webRtcServer.observer.on('webrtctransporthandled', () => (seat.transports += 1))
    webRtcServer.observer.on('webrtctransportunhandled', () => (seat.transports -= 1))
    return seat
  }

  #watch(worker: Worker): Heartbeat {
    return new Heartbeat({
      ...HEARTBEAT,
      ask: () => worker.getResourceUsage(),
      now: () => performance.now(),
      // A process that has just ended cannot be killed; that is what was wanted.
      onFault: () => undefined,
      onHung: () => {
        this.#options.logger.error({ pid: worker.pid }, 'media worker hangs')
        // Its end brings the same event as any other death.
        process.kill(worker.pid, 'SIGKILL')
      },
    })
  }

  #replace(diedYoung: boolean): void {
    if (this.#closed) return
    // The first one is replaced at once, however short it lived: rooms are waiting.
    const delayMs = Math.min(LONGEST_DELAY_MS, this.#shortLives * 1_000)
    this.#shortLives = diedYoung ? this.#shortLives * 2 + 1 : 0
    if (delayMs > 0) {
      const restart = guarded(
        () => {
          this.#delays.delete(delay)
          this.#restart()
        },
        (error) => this.#options.logger.error({ err: error }, 'media worker not restarted'),
      )
      const delay = setTimeout(restart, delayMs)
      this.#delays.add(delay.unref())
    } else this.#restart()
  }

  #restart(): void {
    this.#start().catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'media worker cannot be replaced')
      this.#replace(true)
    })
  }
}

async function endWorker(worker: Worker): Promise<void> {
  if (worker.subprocessClosed) return
  const ended = new Promise((resolve) => worker.once('subprocessclose', () => resolve(null)))
  // A process that has just ended cannot be killed; that is what was wanted.
  const kill = guarded(
    () => process.kill(worker.pid, 'SIGKILL'),
    () => undefined,
  )
  const late = setTimeout(kill, KILL_AFTER_MS)
  worker.close()
  await ended
  clearTimeout(late)
}
