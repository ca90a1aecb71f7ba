/** What the tapped server wrote down: RTP packets of a peer's source, in the order in which the TCS saw them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
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

  static async make(): Promise<TapFile> {
    return new TapFile(await mkdtemp(join(tmpdir(), 'huisclos-tap-')))
  }

  private constructor(folder: string) {
    this.#folder = folder
    this.path = join(folder, 'rtp')
  }

  /** All packets so far that carry something. */
  async packets(): Promise<Packet[]> {
    const file = await readFile(this.path)
    const packets: Packet[] = []
    let at = 0
    while (at + HEAD_BYTES <= file.length) {
      const next = at + HEAD_BYTES + file.readUInt32BE(at)
      // The last one may still be on its way to the file.
      if (next > file.length) break
      const rtp = file.subarray(at + HEAD_BYTES, next)
      const payload = payloadOf(rtp)
      if (payload !== null && payload.length > 0)
        packets.push({
          source: file.toString('latin1', at + 4, at + 8),
          peer: file.toString('latin1', at + 8, at + HEAD_BYTES),
          ssrc: rtp.readUInt32BE(8),
          timestamp: rtp.readUInt32BE(4),
          payload,
        })
      at = next
    }
    return packets
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
