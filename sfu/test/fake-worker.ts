/** Stands for a mediasoup worker: a loopback TCP port that speaks RFC 4571. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Mailbox } from './mailbox.ts'

export class FakeWorker {
  readonly packets = new Mailbox<Buffer>()
  readonly connections = new Mailbox<Socket>()
  /** Called instead of `packets` when set. */
  onPacket: ((payload: Buffer, from: Socket) => void) | undefined
  nullFrames = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(): Promise<FakeWorker> {
    const server = createServer({ noDelay: true })
    const worker = new FakeWorker(server)
    server.on('connection', (socket) => worker.#serve(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return worker
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get open(): number {
    return this.#sockets.size
  }

  /** To everybody who is connected. */
  send(...payloads: readonly Buffer[]): void {
    for (const socket of this.#sockets) socket.write(frames(payloads))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    this.connections.put(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
        const payload = rest.subarray(2, 2 + rest.readUInt16BE(0))
        rest = rest.subarray(2 + payload.length)
        if (payload.length === 0) this.nullFrames += 1
        else if (this.onPacket) this.onPacket(payload, socket)
        else this.packets.put(Buffer.from(payload))
      }
    })
  }
}

export function frames(payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(
    payloads.flatMap((payload) => [
      Buffer.from([payload.length >> 8, payload.length & 0xff]),
      payload,
    ]),
  )
}
