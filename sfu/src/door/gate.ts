/** The way in: upgrade, Origin, challenge, proof. Nothing else of the TCS can be reached before the proof holds. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import type { JWK } from 'jose'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import { Channel, isAnswer, type TcsSocket } from '../wire/channel.ts'
import { TcsError } from '../errors.ts'
import { guarded } from '../guarded.ts'
import { networkOf } from '../ip.ts'
import { Shares } from '../shares.ts'
import { guardConnections } from './flood-guard.ts'
import type { Limits } from '../limits.ts'
import { verifyProof, type Caller } from './proof.ts'
import {
  SOCKET_PATH,
  type Admission,
  type ClientToServer,
  type ServerToClient,
} from '../protocol.ts'

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

  constructor(options: GateOptions) {
    this.#options = options
    const { limits, origin } = options
    this.#places = new Shares(limits.unproven)
    this.#server = new Server(options.httpServer, {
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
      // Browsers always send Origin with a WebSocket; whoever sends none is no browser of ours.
      allowRequest: (request, decide) => {
        const allowed = request.headers.origin === origin && this.#takePlace(request)
        decide(allowed ? null : 'refused', allowed)
      },
    })
    this.#server.engine.on('connection_error', ({ code }: { code: number }) =>
      options.logger.debug({ code }, 'connection refused'),
    )
    guardConnections(this.#server.engine, limits, options.now)
    this.#server.on('connection', (socket) => this.#challenge(socket))
  }

  /** Says goodbye to everybody. The HTTP server belongs to its owner and stays. */
  close(): void {
    for (const socket of this.#server.sockets.sockets.values()) {
      socket.emit('event', 'goodbye', { code: 'shutting-down' })
      socket.disconnect(true)
    }
    this.#server.engine.close()
  }

  #challenge(socket: TcsSocket): void {
    const challenge = randomBytes(32)
    const { limits, logger } = this.#options
    const refuse = guarded(
      () => {
        socket.emit('event', 'goodbye', { code: 'too-slow' })
        socket.disconnect(true)
      },
      (error) => logger.error({ err: error }, 'slow caller not refused'),
    )
    const late = setTimeout(refuse, limits.authenticateTimeoutMs)
    const settle = (): void => clearTimeout(late)
    socket.once('disconnect', settle)
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'))
    socket.once('authenticate', (...message: unknown[]) => {
      void this.#authenticate(socket, challenge, message).then(settle)
    })
    socket.emit('challenge', { challenge, tcsOrigin: this.#options.origin })
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

  #prove(connection: Duplex): void {
    this.#givePlace.get(connection)?.()
    this.#options.onProven?.(connection)
  }

  async #authenticate(
    socket: TcsSocket,
    challenge: Uint8Array,
    message: readonly unknown[],
  ): Promise<void> {
    const { origin, tokenKeys, now, welcome, limits, logger } = this.#options
    const answer = message.at(-1)
    if (message.length !== 2 || !isAnswer(answer)) {
      socket.disconnect(true)
      return
    }
    try {
      const tokens = tokenKeys().keys
      const expected = { challenge, origin, tokenKeys: tokens, nowMs: now() }
      const caller = await verifyProof(message[0], expected)
      if (!socket.connected) return
      this.#prove(socket.request.socket)
      const log = logger.child({ peer: caller.peerId })
      answer({ ok: true, data: welcome(caller, new Channel(socket, limits, log)) })
    } catch (error) {
      const code = error instanceof TcsError ? error.code : 'internal'
      if (code === 'internal') logger.error({ err: error }, 'authentication failed')
      else logger.info({ code, detail: (error as Error).message }, 'caller refused')
      answer({ ok: false, code })
      socket.disconnect(true)
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
