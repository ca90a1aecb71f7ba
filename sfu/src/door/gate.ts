/** The way in: upgrade, Origin, challenge, proof. Nothing else of the TCS can be reached before the proof holds. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import type { JWK } from 'jose'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import { TcsError } from '../errors.ts'
import { guarded } from '../guarded.ts'
import { networkOf } from '../ip.ts'
import type { Limits } from '../limits.ts'
import {
  SOCKET_PATH,
  type Admission,
  type ClientToServer,
  type ServerToClient,
} from '../protocol.ts'
import { Shares } from '../shares.ts'
import { Channel, isAnswer, type TcsSocket } from '../wire/channel.ts'
import { answerBare } from './bare-answer.ts'
import { hangUp, type Connection } from './connection.ts'
import { FloodGuard } from './flood-guard.ts'
import { verifyProof, type Caller } from './proof.ts'
import { SlowReaders } from './slow-readers.ts'
import { refusalOf } from './upgrades.ts'

const SWEEP_MS = 5_000

export interface GateOptions {
  readonly httpServer: HttpServer
  readonly origin: string
  readonly tokenKeys: () => { keys: JWK[] }
  readonly limits: Limits
  readonly now: () => number
  readonly logger: Logger
  /** Lets a proven caller in. @throws {TcsError} when there is no place for it. */
  readonly welcome: (caller: Caller, channel: Channel) => Admission
  /** Told when whoever is at the other end of this connection has proved who it is. */
  readonly onProven?: ((connection: Duplex) => void) | undefined
}

export class Gate {
  readonly #options: GateOptions
  readonly #server: Server<ClientToServer, ServerToClient>
  /** Of connections that have proved nothing, from the upgrade on. */
  readonly #places: Shares
  readonly #givePlace = new WeakMap<Duplex, () => void>()
  readonly #floods: FloodGuard
  readonly #readers: SlowReaders
  readonly #sweeper: NodeJS.Timeout

  constructor(options: GateOptions) {
    this.#options = options
    const { limits, now, httpServer } = options
    this.#places = new Shares(limits.unproven)
    this.#floods = new FloodGuard(limits, now)
    this.#readers = new SlowReaders(limits, now)
    this.#server = openServer(limits)
    this.#server.engine.on('connection', (connection: Connection) => {
      this.#floods.watch(connection)
      this.#readers.watch(connection, networkOf(connection.request.socket.remoteAddress ?? ''))
    })
    this.#server.on('connection', (socket) => this.#challenge(socket))
    const expire = this.#guarded(() => this.#readers.expire())
    this.#sweeper = setInterval(expire, SWEEP_MS).unref()
    httpServer.on('upgrade', this.#onUpgrade)
  }

  /** Says goodbye to everybody. The HTTP server belongs to its owner and stays. */
  close(): void {
    clearInterval(this.#sweeper)
    this.#options.httpServer.off('upgrade', this.#onUpgrade)
    for (const socket of this.#server.sockets.sockets.values()) {
      socket.emit('event', 'goodbye', { code: 'shutting-down' })
      socket.disconnect(true)
    }
    this.#server.engine.close()
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refusal = refusalOf(request, this.#options.origin)
    if (refusal !== null) {
      this.#options.logger.debug({ status: refusal }, 'upgrade refused')
      answerBare(socket, refusal)
      return
    }
    if (this.#takePlace(request)) this.#server.engine.handleUpgrade(request, socket, head)
    else answerBare(socket, 503)
  }

  /** Taken before anything is done for the connection; given back by its proof or its end, whichever is first. */
  #takePlace({ socket }: IncomingMessage): boolean {
    const network = networkOf(socket.remoteAddress ?? '')
    if (!this.#places.take(network)) return false
    const give = once(() => this.#places.give(network))
    this.#givePlace.set(socket, give)
    socket.once('close', give)
    return true
  }

  #prove(socket: TcsSocket): void {
    const connection = socket.conn.request.socket
    this.#floods.trust(socket.conn)
    this.#givePlace.get(connection)?.()
    this.#options.onProven?.(connection)
  }

  #challenge(socket: TcsSocket): void {
    const challenge = randomBytes(32)
    const { limits, logger } = this.#options
    const refuse = this.#guarded(() => {
      socket.emit('event', 'goodbye', { code: 'too-slow' })
      hangUp(socket.conn)
    })
    const late = setTimeout(refuse, limits.authenticateTimeoutMs)
    socket.once('disconnect', () => {
      clearTimeout(late)
      // Who leaves the socket.io session must not keep the connection below it: nothing of the door would watch that.
      hangUp(socket.conn)
    })
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'))
    socket.once('authenticate', (...message: unknown[]) => {
      void this.#authenticate(socket, challenge, message).then(() => clearTimeout(late))
    })
    socket.emit('challenge', { challenge, tcsOrigin: this.#options.origin })
  }

  #guarded(action: () => void): () => void {
    const { logger } = this.#options
    return guarded(action, (error) => logger.error({ err: error }, 'timer of the door failed'))
  }

  async #authenticate(
    socket: TcsSocket,
    challenge: Uint8Array,
    message: readonly unknown[],
  ): Promise<void> {
    const { origin, tokenKeys, now, limits, logger, welcome } = this.#options
    const answer = message.at(-1)
    if (message.length !== 2 || !isAnswer(answer)) {
      hangUp(socket.conn)
      return
    }
    try {
      const tokens = tokenKeys().keys
      const expected = { challenge, origin, tokenKeys: tokens, nowMs: now() }
      const caller = await verifyProof(message[0], expected)
      if (!socket.connected) return
      this.#prove(socket)
      const log = logger.child({ peer: caller.peerId })
      answer({ ok: true, data: welcome(caller, new Channel(socket, limits, log)) })
    } catch (error) {
      const code = error instanceof TcsError ? error.code : 'internal'
      if (code === 'internal') logger.error({ err: error }, 'authentication failed')
      else logger.info({ code, detail: (error as Error).message }, 'caller refused')
      answer({ ok: false, code })
      hangUp(socket.conn)
    }
  }
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    action()
  }
}

function openServer(limits: Limits): Server<ClientToServer, ServerToClient> {
  // Attached to a server that never listens: which requests reach the engine is decided at the gate.
  return new Server(createServer(), {
    path: SOCKET_PATH,
    transports: ['websocket'],
    serveClient: false,
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: limits.frameBytes,
    connectTimeout: limits.authenticateTimeoutMs,
    // A member whose network is gone is missed within 20 s.
    pingInterval: 10_000,
    pingTimeout: 10_000,
  })
}
