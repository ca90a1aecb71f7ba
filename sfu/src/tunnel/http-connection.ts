/**
 * What the HTTP server takes for its socket: between TLS and HTTP it counts bytes, requests and WebSocket frames, and hands
 * them on one by one while nothing is proven.
 */
import { Duplex } from 'node:stream'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { Budget } from './budget.ts'
import type { HttpAllowance, HttpLimits } from './limits.ts'
import { HttpRequests } from './http-requests.ts'
import { PacedWriter } from './paced-writer.ts'
import type { Guest, Turnstile } from './turnstile.ts'
import { WebSocketFrames, type Piece } from './websocket-frames.ts'

const SWITCHING = Buffer.from('HTTP/1.1 101 ')
const EMPTY: Buffer = Buffer.alloc(0)

export interface HttpConnectionParts {
  readonly turnstile: Turnstile
  readonly limits: HttpLimits
  /** Milliseconds that never go back. */
  readonly clock: () => number
}

export class HttpConnection extends Duplex implements Guest {
  readonly cost = 1
  readonly encrypted = true
  readonly network: string
  readonly #socket: TLSSocket
  readonly #turnstile: Turnstile
  readonly #limits: HttpLimits
  readonly #clock: () => number
  readonly #writer: PacedWriter
  readonly #bytes: Budget
  readonly #messages: Budget
  #allowed: HttpAllowance
  #trusted = false
  /** Read and not yet handed on. */
  #backlog = EMPTY
  #ended = false
  #paused = false
  readonly #requests = new HttpRequests()
  #frames: WebSocketFrames | null = null
  /** The request that is being answered, after its last byte. */
  #answering: IncomingMessage | null = null
  /** Waits for budgets to refill. */
  #resting = false
  /** Since when it has been over its budget, with more waiting all the time. */
  #overSinceMs: number | null = null

  constructor(socket: TLSSocket, network: string, shared: HttpConnectionParts) {
    super({ allowHalfOpen: false })
    this.#socket = socket
    this.network = network
    this.#turnstile = shared.turnstile
    this.#limits = shared.limits
    this.#clock = shared.clock
    this.#writer = new PacedWriter(socket, shared.clock)
    this.#allowed = shared.limits.stranger
    this.#bytes = new Budget(this.#allowed.bytes, this.#clock())
    this.#messages = new Budget(this.#allowed.messages, this.#clock())
    this.on('error', () => undefined)
    this.on('resume', () => this.#next())
    socket.on('data', (chunk: Buffer) => this.receive(chunk))
    socket.on('end', () => {
      this.#ended = true
      this.#next()
    })
    socket.on('timeout', () => this.emit('timeout'))
    socket.on('close', () => this.destroy())
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  /** Bytes kept for a client that does not read, and of one that is not read. */
  get heldBytes(): number {
    return this.writableLength + this.#backlog.length
  }

  setTimeout(timeoutMs: number, listener?: () => void): this {
    this.#socket.setTimeout(timeoutMs)
    if (listener !== undefined) this.once('timeout', listener)
    return this
  }

  setNoDelay(noDelay?: boolean): this {
    this.#socket.setNoDelay(noDelay)
    return this
  }

  setKeepAlive(enable?: boolean, delayMs?: number): this {
    this.#socket.setKeepAlive(enable, delayMs)
    return this
  }

  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** The socket below, where its place is counted. */
  get socket(): TLSSocket {
    return this.#socket
  }

  /** Its user has proved who it is: larger budgets, and it waits for no stranger. */
  trust(): void {
    this.#trusted = true
    this.#allowed = this.#limits.trusted
    this.#bytes.renew(this.#allowed.bytes, this.#clock())
    this.#messages.renew(this.#allowed.messages, this.#clock())
  }

  /** The next request waits until this one is answered: no browser pipelines, and floods do. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#answering = request
    response.once('close', () => {
      if (this.#answering === request) this.#answering = null
      this.#next()
    })
  }

  /** Why this connection must end, or null. Called every few seconds. */
  expire(nowMs: number): 'flooding' | 'not-reading' | null {
    const { patienceMs, stallMs } = this.#limits
    const { writingSinceMs } = this.#writer
    if (this.#overSinceMs !== null && nowMs - this.#overSinceMs > patienceMs) return 'flooding'
    if (writingSinceMs !== null && nowMs - writingSinceMs > stallMs) return 'not-reading'
    return this.heldBytes > this.#allowed.heldBytes ? 'not-reading' : null
  }

  receive(chunk: Buffer): void {
    const nowMs = this.#clock()
    // A record of one byte costs about as much as one of a hundred.
    this.#bytes.spend(chunk.length + this.#limits.readBytes, nowMs)
    this.#backlog = this.#backlog.length === 0 ? chunk : Buffer.concat([this.#backlog, chunk])
    this.#pause(nowMs)
    this.#next()
  }

  advance(nowMs: number): 'more' | 'rest' | 'done' {
    if (this.destroyed || this.#held()) return 'done'
    this.#resting = !this.rested(nowMs)
    if (this.#resting) {
      this.#overSinceMs ??= nowMs
      return 'rest'
    }
    const { bytes, messages } = this.#piece()
    if (bytes > 0) {
      this.#messages.spend(messages, nowMs)
      const piece = this.#backlog.subarray(0, bytes)
      this.#backlog = this.#backlog.subarray(bytes)
      this.push(piece)
    }
    this.#pause(nowMs)
    if (bytes > 0 && this.#backlog.length > 0) return 'more'
    this.#overSinceMs = null
    if (this.#ended) this.push(null)
    return 'done'
  }

  rested(nowMs: number): boolean {
    return this.#messages.covered(nowMs) && this.#bytes.covered(nowMs)
  }

  override _read(): void {
    this.#next()
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#write([chunk], done)
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: () => void): void {
    this.#write(
      chunks.map(({ chunk }) => chunk),
      done,
    )
  }

  override _final(done: () => void): void {
    this.#writer.begin()
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#turnstile.leave(this)
    this.#backlog = EMPTY
    this.#socket.destroy()
    done(error)
  }

  /** Members need not wait for strangers. */
  #next(): void {
    if (this.#backlog.length === 0 && !this.#ended && !this.#paused) return
    if (this.#resting) return
    if (!this.#trusted) {
      this.#turnstile.enter(this)
      return
    }
    const nowMs = this.#clock()
    let next = this.advance(nowMs)
    while (next === 'more') next = this.advance(nowMs)
    if (next === 'rest') this.#turnstile.rest(this)
  }

  #held(): boolean {
    if (this.readableFlowing !== true || this.#answering?.complete === true) return true
    return this.writableLength > this.#allowed.unreadBytes
  }

  #piece(): Piece {
    if (this.#frames === null) return this.#requests.cut(this.#backlog)
    return this.#frames.cut(this.#backlog, this.#trusted ? Infinity : this.#limits.framesAtOnce)
  }

  #pause(nowMs: number): void {
    const full = this.#backlog.length > this.#limits.backlogBytes || !this.#bytes.covered(nowMs)
    if (full === this.#paused) return
    this.#paused = full
    if (full) this.#socket.pause()
    else this.#socket.resume()
  }

  #write(chunks: readonly Buffer[], done: () => void): void {
    // RFC 9110 section 15.2.2: after this answer both sides speak the other protocol.
    if (chunks[0]?.subarray(0, SWITCHING.length).equals(SWITCHING) === true) {
      this.#frames = new WebSocketFrames()
    }
    this.#writer.write(chunks, () => {
      done()
      this.#next()
    })
  }
}
