/** One TURN client: its socket, its session and its way to the workers, and their common end. */
import type { TLSSocket } from 'node:tls'
import { networkOf, unmapped } from '../ip.ts'
import { Budget } from './budget.ts'
import { TunnelError } from './errors.ts'
import { Outbox } from './outbox.ts'
import type { Relay } from './relay.ts'
import type { Route } from './route.ts'
import { Splitter, type Leg, type Receiver } from './splitter.ts'
import { TurnSession } from './turn-session.ts'
import type { Guest } from './turnstile.ts'
import { WorkerLeg } from './worker-leg.ts'

const COUNT_BYTES = 65_536

export class TurnConnection implements Receiver, Guest {
  readonly cost = 0
  readonly network: string
  readonly #socket: TLSSocket
  readonly #relay: Relay
  readonly #session: TurnSession
  readonly #splitter = new Splitter(this)
  readonly #outbox: Outbox
  readonly #onTrust: () => void
  readonly #strays: Budget
  readonly #requests: Budget
  readonly #bytes: Budget
  #uncounted = 0
  #closed = false
  #trusted = false

  /** @param onTrust called once, when there is an allocation made with valid credentials */
  constructor(socket: TLSSocket, relay: Relay, nowMs: number, onTrust: () => void) {
    this.#socket = socket
    this.#relay = relay
    this.#onTrust = onTrust
    this.network = networkOf(socket.remoteAddress ?? '')
    const { stranger, requests, bytes } = relay.limits.turn
    this.#strays = new Budget(stranger, nowMs)
    this.#requests = new Budget(requests, nowMs)
    this.#bytes = new Budget(bytes, nowMs)
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
      this.#count(chunk.length)
      this.#relay.counters.packetsUp += this.#splitter.push(chunk)
    } catch (error) {
      this.#relay.counters.malformed += 1
      this.#end(error instanceof TunnelError ? error.code : 'failed')
    }
  }

  legOfChannel(channel: number): Leg | null {
    if (this.#session.allocation === null) this.#countStray(performance.now())
    return this.#session.allocation?.legOfChannel(channel) ?? null
  }

  legOfPeer(key: number): Leg | null {
    if (this.#session.allocation === null) this.#countStray(performance.now())
    return this.#session.allocation?.legOfPeer(key) ?? null
  }

  control(message: Buffer): void {
    const nowMs = performance.now()
    if (this.#session.allocation === null) this.#countStray(nowMs)
    else if (this.#requests.covered(nowMs)) this.#requests.spend(1, nowMs)
    else throw new TunnelError('flooding')
    const reply = this.#session.receive(message, nowMs)
    if (!this.#trusted && this.#session.allocation !== null) {
      this.#trusted = true
      this.#onTrust()
    }
    if (reply === null) return
    this.#outbox.control(reply)
    if (this.#outbox.overflows) throw new TunnelError('not-reading')
  }

  rested(nowMs: number): boolean {
    return this.#bytes.covered(nowMs)
  }

  advance(): 'done' {
    this.#socket.resume()
    return 'done'
  }

  /** Called every few seconds. */
  expire(nowMs: number): void {
    this.#session.expire(nowMs)
    if (this.#outbox.stalled(nowMs)) this.#end('not-reading')
    if (this.#session.allocation !== null) return
    if (nowMs - this.#session.idleSinceMs > this.#relay.limits.allocateMs) this.#end('idle')
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#relay.turnstile.leave(this)
    this.#session.close()
    this.#outbox.close()
    this.#socket.destroy()
  }

  /** Every read counts while there is no allocation; afterwards its bytes do, and who sends too many waits. */
  #count(bytes: number): void {
    if (this.#session.allocation === null) {
      this.#countStray(performance.now())
      return
    }
    // Media is the hot path: the clock is looked at once for many packets.
    this.#uncounted += bytes
    if (this.#uncounted < COUNT_BYTES) return
    const nowMs = performance.now()
    this.#bytes.spend(this.#uncounted, nowMs)
    this.#uncounted = 0
    if (this.#bytes.covered(nowMs)) return
    this.#socket.pause()
    this.#relay.turnstile.rest(this)
  }

  #countStray(nowMs: number): void {
    this.#strays.spend(1, nowMs)
    if (!this.#strays.covered(nowMs)) throw new TunnelError('flooding')
  }

  #end(reason: string): void {
    this.#relay.note({ event: 'turn-connection-ended', reason })
    const { floodCost } = this.#relay.limits
    if (reason === 'flooding') this.#relay.turnstile.charge(this.network, floodCost)
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
