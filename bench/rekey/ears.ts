/** Frames on their way past the TCS, to listeners and to those who are gone and recorded everything. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Member } from './member.ts'
import type { Heard } from './messages.ts'

export interface Sealed {
  readonly from: string
  readonly seq: number
  /** When it was sealed. */
  readonly at: number
  readonly wire: Uint8Array<ArrayBuffer>
}

/** u16 length of what follows || from[16] || u32 seq || f64 at || wire */
const HEAD_BYTES = 30

/** Hears every frame of everybody and tries its own keys on it. */
export class Ear {
  readonly member: Member
  /** When the last frame that opened was sealed. */
  lastOpenedSealedAt = 0
  readonly #next = new Map<string, number>()
  #longestLoss = 0
  #frames = 0
  #listening = false

  constructor(member: Member) {
    this.member = member
  }

  static encode({ from, seq, at, wire }: Sealed): Buffer {
    const bytes = Buffer.alloc(HEAD_BYTES + wire.byteLength)
    bytes.writeUInt16BE(bytes.length - 2)
    bytes.write(from, 2, 'hex')
    bytes.writeUInt32BE(seq, 18)
    bytes.writeDoubleBE(at, 22)
    bytes.set(wire, HEAD_BYTES)
    return bytes
  }

  /** From now on losses count. */
  start(): void {
    this.#next.clear()
    this.#longestLoss = 0
    this.#frames = 0
    this.#listening = true
  }

  heard(): Heard {
    return { member: this.member.id, longestLoss: this.#longestLoss, frames: this.#frames }
  }

  hear({ from, seq, at, wire }: Sealed): void {
    if (from === this.member.id) return
    void this.member.opens(from, wire).then((opened) => {
      if (!opened) return
      this.lastOpenedSealedAt = Math.max(this.lastOpenedSealedAt, at)
      if (!this.#listening) return
      this.#frames += 1
      // Frames are opened in order nearly always; one that is overtaken is no loss.
      const lost = seq - (this.#next.get(from) ?? seq)
      this.#longestLoss = Math.max(this.#longestLoss, lost)
      this.#next.set(from, Math.max(seq + 1, this.#next.get(from) ?? 0))
    })
  }
}

/** Takes frames in over a socket; resolves to its port. */
export function openEars(hear: (sealed: Sealed) => void): Promise<number> {
  const server = createServer((socket) => read(socket, hear))
  server.unref()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function read(socket: Socket, hear: (sealed: Sealed) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE()) {
      const end = 2 + rest.readUInt16BE()
      hear({
        from: rest.toString('hex', 2, 18),
        seq: rest.readUInt32BE(18),
        at: rest.readDoubleBE(22),
        wire: Uint8Array.from(rest.subarray(HEAD_BYTES, end)),
      })
      rest = rest.subarray(end)
    }
  })
}
