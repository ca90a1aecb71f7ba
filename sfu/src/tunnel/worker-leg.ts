/** Toward the worker: one loopback TCP connection for each peer of an allocation, RFC 4571 framing both ways. */
import { connect, type Socket } from 'node:net'
import { readFrames } from './read-frames.ts'
import type { Leg } from './splitter.ts'

const READ_BYTES = 64 * 1024
/** The longest frame: what is left of a read never exceeds it. */
const HEADROOM_BYTES = 2 + 0xffff
const RETRY_MS = 1_000
const NULL_FRAME = Buffer.alloc(2)

/**
 * Every read of every leg lands here: no allocation, and the memory stays in the cache. What a read leaves over
 * (the start of a frame) is put right before the next one, in the headroom, so that frames are always contiguous.
 */
const shared = readBuffer()

export interface WorkerLegOptions {
  readonly port: number
  /** Above this many unsent bytes, packets are dropped as a full socket buffer would drop them. */
  readonly queueBytes: number
  readonly nullFrames: boolean
  /** The payload is valid during the call only. */
  readonly onPacket: (payload: Buffer) => void
  readonly onDrop: () => void
}

export class WorkerLeg implements Leg {
  readonly #options: WorkerLegOptions
  readonly #memory: Buffer
  #socket: Socket | null = null
  #rest: Buffer | null = null
  #retryAtMs = 0
  #closed = false

  constructor(options: WorkerLegOptions) {
    this.#options = options
    this.#memory = shared ?? Buffer.allocUnsafeSlow(HEADROOM_BYTES + READ_BYTES)
    this.#open()
  }

  send(frames: Buffer): void {
    if (this.#socket === null && !this.#closed && performance.now() >= this.#retryAtMs) this.#open()
    const socket = this.#socket
    if (socket === null || socket.writableLength > this.#options.queueBytes) {
      this.#options.onDrop()
      return
    }
    socket.write(frames)
  }

  close(): void {
    this.#closed = true
    this.#socket?.destroy()
    this.#socket = null
  }

  #open(): void {
    const socket = connect({
      host: '127.0.0.1',
      port: this.#options.port,
      noDelay: true,
      onread: {
        buffer: this.#memory.subarray(HEADROOM_BYTES),
        // Never paused: the worker would queue for us without limit. Who cannot keep up is the client.
        callback: (count) => {
          this.#read(count)
          return true
        },
      },
    })
    this.#socket = socket
    this.#rest = null
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = null
      this.#retryAtMs = performance.now() + RETRY_MS
    })
  }

  #read(count: number): void {
    if (this.#closed) return
    const rest = this.#rest
    const start = HEADROOM_BYTES - (rest?.length ?? 0)
    rest?.copy(this.#memory, start)
    const bytes = this.#memory.subarray(start, HEADROOM_BYTES + count)
    const end = readFrames(bytes, this.#options.onPacket)
    this.#rest = end < bytes.length ? Buffer.from(bytes.subarray(end)) : null
    // A worker without TCP_NODELAY waits for our acknowledgement; on a packet of our own it comes at once.
    if (this.#options.nullFrames) this.#socket?.write(NULL_FRAME)
  }
}

// libuv hands a buffer to read(2) and the result to us in one go, except on Windows, where reads are under way
// for several sockets at a time.
function readBuffer(): Buffer | null {
  if (process.platform === 'win32') return null
  return Buffer.allocUnsafeSlow(HEADROOM_BYTES + READ_BYTES)
}
