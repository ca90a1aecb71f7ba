/** One TURN client: its socket, its session and its way to the workers, and their common end. */
import type { TLSSocket } from 'node:tls'
import { unmapped } from './address.ts'
import { TunnelError } from './errors.ts'
import { Outbox } from './outbox.ts'
import type { Relay } from './relay.ts'
import type { Route } from './route.ts'
import { Splitter, type Leg, type Receiver } from './splitter.ts'
import { TurnSession } from './turn-session.ts'
import { WorkerLeg } from './worker-leg.ts'

export class TurnConnection implements Receiver {
  readonly #socket: TLSSocket
  readonly #relay: Relay
  readonly #session: TurnSession
  readonly #splitter = new Splitter(this)
  readonly #outbox: Outbox
  #closed = false

  constructor(socket: TLSSocket, relay: Relay, nowMs: number) {
    this.#socket = socket
    this.#relay = relay
    this.#outbox = new Outbox(socket, relay.flushList, relay.limits.queue)
    const client = { address: unmapped(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
    const openLeg = (route: Route, port: number): Leg => this.#openLeg(route, port)
    this.#session = new TurnSession(relay.sessionOptions(client, openLeg), nowMs)
    socket.on('data', (chunk: Buffer) => this.receive(chunk))
    socket.on('close', () => this.close())
  }

  get username(): string | null {
    return this.#session.allocation?.username ?? null
  }

  get messageBytes(): number {
    const { strangerBytes, messageBytes } = this.#relay.limits
    return this.#session.allocation === null ? strangerBytes : messageBytes
  }

  /** Whatever a client sends, the worst that happens is the end of its own connection. */
  receive(chunk: Buffer): void {
    if (this.#closed) return
    try {
      this.#relay.counters.packetsUp += this.#splitter.push(chunk)
    } catch (error) {
      this.#relay.counters.malformed += 1
      this.#end(error instanceof TunnelError ? error.code : 'failed')
    }
  }

  legOfChannel(channel: number): Leg | null {
    return this.#session.allocation?.legOfChannel(channel) ?? null
  }

  legOfPeer(key: number): Leg | null {
    return this.#session.allocation?.legOfPeer(key) ?? null
  }

  control(message: Buffer): void {
    const reply = this.#session.receive(message, performance.now())
    if (reply === null) return
    this.#outbox.control(reply)
    if (this.#outbox.overflows) throw new TunnelError('not-reading')
  }

  /** Called every few seconds. */
  expire(nowMs: number): void {
    this.#session.expire(nowMs)
    if (this.#session.allocation !== null) return
    if (nowMs - this.#session.idleSinceMs > this.#relay.limits.allocateMs) this.#end('idle')
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#session.close()
    this.#outbox.close()
    this.#socket.destroy()
  }

  #end(reason: string): void {
    this.#relay.note({ event: 'turn-connection-ended', reason })
    this.close()
  }

  #openLeg(route: Route, port: number): Leg {
    const { counters, limits, options } = this.#relay
    return new WorkerLeg({
      port,
      queueBytes: limits.queue.fullBytes,
      nullFrames: options.nullFrames,
      onPacket: (payload) => {
        if (this.#outbox.packet(route, payload)) counters.packetsDown += 1
        else counters.droppedDown += 1
      },
      onDrop: () => void (counters.droppedUp += 1),
    })
  }
}
