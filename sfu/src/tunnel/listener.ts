/** The one TLS port: the first decrypted byte decides between the relay (STUN) and HTTP. */
import type { Server as HttpServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { guarded } from '../guarded.ts'
import { networkOf } from '../ip.ts'
import { HttpConnection } from './http-connection.ts'
import { HttpConnections } from './http-connections.ts'
import { defaultLimits, noCounts, type TunnelCounters, type TunnelLimits } from './limits.ts'
import { Places } from './places.ts'
import { Relay, type TunnelNote } from './relay.ts'
import { tlsOptions, type TunnelTls } from './tls-options.ts'
import type { Tunnel, TunnelOptions } from './tunnel.ts'
import { TurnConnection } from './turn-connection.ts'
import { Turnstile, type Guest } from './turnstile.ts'

export type { TunnelCounters, TunnelLimits } from './limits.ts'
export type { RelayOptions, TunnelNote } from './relay.ts'
export type { TunnelTls } from './tls-options.ts'
export type { Tunnel, TunnelOptions } from './tunnel.ts'

/** @throws what `listen` fails with, EADDRINUSE for example. */
export async function openTunnel(options: TunnelOptions): Promise<Tunnel> {
  const listener = new Listener(options)
  await listener.listen(options.host, options.port)
  return listener
}

class Listener implements Tunnel {
  readonly #limits: TunnelLimits
  readonly #counters = noCounts()
  readonly #note: (note: TunnelNote) => void
  readonly #http: HttpServer
  readonly #relay: Relay
  readonly #tcp = createTcpServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 })
  readonly #tls
  readonly #sockets = new Set<Socket>()
  readonly #places: Places
  readonly #turnstile: Turnstile
  readonly #https: HttpConnections
  /** TLS is up, nothing was said yet; the value is since when. */
  readonly #silent = new Map<TLSSocket, number>()
  readonly #turn = new Set<TurnConnection>()
  #port = 0
  #sweeper: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined

  constructor(options: TunnelOptions) {
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#note = options.onNote ?? (() => undefined)
    this.#http = options.http
    const clock = (): number => performance.now()
    this.#places = new Places(this.#limits.maxConnections, this.#limits.strangers)
    this.#turnstile = new Turnstile(this.#limits.turnstile, clock, (error) =>
      this.#note({ event: 'fault', reason: 'turnstile', error }),
    )
    const turnstile = this.#turnstile
    this.#https = new HttpConnections({
      ...{ server: options.http, limits: this.#limits.http, turnstile, clock },
      networkBytes: this.#limits.networkBytes,
      onLetGo: (reason) => {
        this.#counters.letGo += 1
        this.#note({ event: 'let-go', reason })
      },
    })
    const watch = { counters: this.#counters, note: this.#note, turnstile }
    this.#relay = new Relay(options.relay, this.#limits, watch)
    this.#tls = createTlsServer({
      ...tlsOptions(options.tls),
      handshakeTimeout: this.#limits.handshakeMs,
    })
    this.#tcp.on('connection', (socket) => this.#admit(socket))
    this.#tls.on('secureConnection', (socket) => this.#listenFor(socket))
    this.#tls.on('tlsClientError', (error, socket) => {
      this.#counters.tlsFailures += 1
      this.#note({
        event: 'tls-failed',
        reason: (error as NodeJS.ErrnoException).code ?? 'unknown',
      })
      socket.destroy()
    })
  }

  get port(): number {
    return this.#port
  }

  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#tcp.once('error', reject)
      this.#tcp.listen({ host, port }, () => {
        this.#tcp.off('error', reject)
        resolve()
      })
    })
    this.#port = (this.#tcp.address() as AddressInfo).port
    const sweep = this.#guarded('sweep', () => this.#sweep(performance.now()))
    this.#sweeper = setInterval(sweep, this.#limits.sweepMs).unref()
    // An HTTP server looks after slow and idle requests (headersTimeout and others) from this event on only.
    this.#http.emit('listening')
  }

  replaceCertificate(tls: TunnelTls): void {
    this.#tls.setSecureContext(tlsOptions(tls))
  }

  trust(connection: Duplex): void {
    if (!(connection instanceof HttpConnection)) return
    connection.trust()
    this.#places.trust(connection.socket)
  }

  counters(): TunnelCounters {
    return { ...this.#counters, connections: this.#sockets.size }
  }

  drop(predicate: (username: string) => boolean): number {
    const matching = [...this.#turn].filter(
      ({ username }) => username !== null && predicate(username),
    )
    for (const connection of matching) connection.close()
    return matching.length
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweeper)
    const ends = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    )
    const closed = new Promise<void>((resolve) => this.#tcp.close(() => resolve()))
    for (const connection of this.#turn) connection.close()
    for (const socket of this.#silent.keys()) socket.destroy()
    // Its idle connections, and its interval; that it never listened is no concern of `close` without a callback.
    this.#http.close()
    const end = this.#guarded('close', () => {
      for (const socket of this.#sockets) socket.destroy()
    })
    const rest = setTimeout(end, this.#limits.closeMs)
    await Promise.all([closed, ...ends])
    clearTimeout(rest)
  }

  #guarded(reason: string, action: () => void): () => void {
    return guarded(action, (error) => this.#note({ event: 'fault', reason, error }))
  }

  /** Places are counted before the handshake, which is the expensive part and waits in the turnstile. */
  #admit(socket: Socket): void {
    socket.on('error', () => undefined)
    const network = this.#places.admit(socket)
    if (network === null) {
      this.#counters.turnedAway += 1
      this.#note({ event: 'turned-away', reason: 'too-many-connections' })
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    const handshake: Guest = {
      network,
      cost: this.#limits.handshakeCost,
      rested: () => true,
      advance: () => {
        if (!socket.destroyed) this.#tls.emit('connection', socket)
        return 'done'
      },
    }
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#turnstile.leave(handshake)
    })
    this.#turnstile.enter(handshake)
  }

  #listenFor(socket: TLSSocket): void {
    socket.on('error', () => undefined)
    this.#silent.set(socket, performance.now())
    socket.on('close', () => this.#silent.delete(socket))
    socket.once('data', (first: Buffer) => {
      this.#silent.delete(socket)
      this.#demultiplex(socket, first)
    })
  }

  // The first byte of every STUN request there is lies in 0x00..0x03, that of HTTP is a letter (RFC 7983).
  #demultiplex(socket: TLSSocket, first: Buffer): void {
    const byte = first.readUInt8(0)
    if (byte <= 0x03) {
      this.#openTurn(socket, first)
    } else if (byte >= 0x20) {
      this.#https.open(socket, networkOf(socket.remoteAddress ?? ''), first)
    } else {
      socket.destroy()
    }
  }

  #openTurn(socket: TLSSocket, first: Buffer): void {
    const connection = new TurnConnection(socket, this.#relay, performance.now(), () =>
      this.#places.trust(socket),
    )
    this.#turn.add(connection)
    socket.on('close', () => this.#turn.delete(connection))
    connection.receive(first)
  }

  #sweep(nowMs: number): void {
    for (const connection of this.#turn) connection.expire(nowMs)
    this.#https.expire(nowMs)
    this.#turnstile.expire(nowMs)
    for (const [socket, since] of this.#silent) {
      if (nowMs - since > this.#limits.firstByteMs) socket.destroy()
    }
  }
}
