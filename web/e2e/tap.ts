/** What the tapped server wrote down: RTP packets of a peer's source, in the order in which the TCS saw them. */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { payloadOf, vp8Starts } from './rtp.ts'

export interface Packet {
  readonly source: string
  readonly peer: string
  readonly ssrc: number
  readonly timestamp: number
  readonly payload: Buffer
}

const HEAD_BYTES = 40

export class TapFile {
  readonly path: string
  readonly #folder: string
  readonly #packets: Packet[] = []
  #read = 0

  static async make(): Promise<TapFile> {
    return new TapFile(await mkdtemp(join(tmpdir(), 'huisclos-tap-')))
  }

  private constructor(folder: string) {
    this.#folder = folder
    this.path = join(folder, 'rtp')
  }

  /** All packets so far that carry something. */
  async packets(): Promise<readonly Packet[]> {
    const added = await this.#added()
    let at = 0
    while (at + HEAD_BYTES <= added.length) {
      const next = at + HEAD_BYTES + added.readUInt32BE(at)
      // The last one may still be on its way to the file.
      if (next > added.length) break
      this.#take(added.subarray(at, at + HEAD_BYTES), added.subarray(at + HEAD_BYTES, next))
      at = next
    }
    this.#read += at
    return this.#packets
  }

  /** What was not read yet. */
  async #added(): Promise<Buffer> {
    const file = await open(this.path)
    try {
      const { size } = await file.stat()
      const added = Buffer.alloc(size - this.#read)
      const { bytesRead } = await file.read(added, 0, added.length, this.#read)
      return added.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  }

  #take(head: Buffer, rtp: Buffer): void {
    const payload = payloadOf(rtp)
    if (payload === null || payload.length === 0) return
    this.#packets.push({
      source: head.toString('latin1', 4, 8),
      peer: head.toString('latin1', 8),
      ssrc: rtp.readUInt32BE(8),
      timestamp: rtp.readUInt32BE(4),
      payload,
    })
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true })
  }
}

/** Key frames of each simulcast layer, lowest first; a frame that came twice counts once. */
export function keyFramesOf(video: readonly Packet[]): number[] {
  // A pipe consumer numbers the layers upwards.
  const layers = [...new Set(video.map(({ ssrc }) => ssrc))].sort((a, b) => a - b)
  return layers.map((layer) => {
    const keys = video.filter(
      ({ ssrc, payload }) => ssrc === layer && vp8Starts([payload])[0]?.key === true,
    )
    return new Set(keys.map(({ timestamp }) => timestamp)).size
  })
}
