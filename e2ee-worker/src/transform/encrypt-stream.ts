/**
 * Encoded frame in, SFrame frame out. Whatever cannot be sealed is dropped: there is no way around the cipher.
 */
import { codeOf } from '../errors.ts'
import type { Sender } from '../keys/sender.ts'
import type { TransformStats } from '../calls.ts'
import type { E2eeCode, StreamDescriptor } from '../protocol.ts'
import { clearPrefix } from './clear-bytes.ts'
import { pipeFrames, type EncodedFrame, type Transformer } from './encoded.ts'
import { Tally } from './tally.ts'

/** Names of the layers above the first, as mediasoup-client gives them. */
const UPPER_RIDS = ['r1', 'r2']

export interface EncryptDeps {
  readonly sender: Pick<Sender, 'seal'>
  readonly stream: StreamDescriptor
  /** A frame was dropped for this reason; called at most once per second and code. */
  note(code: E2eeCode): void
  /** Monotonic milliseconds. */
  now(): number
}

export interface EncryptTransform {
  stats(): TransformStats
  /** Asks the encoder for a key frame of each layer. @returns false in browsers where a transform cannot */
  askEncoder(): boolean
  /** Settles when the pipe ends; it never rejects. */
  readonly ended: Promise<void>
}

type Sealed = Uint8Array<ArrayBuffer> | E2eeCode | null

export function attachEncrypt(transformer: Transformer, deps: EncryptDeps): EncryptTransform {
  const { sender, stream } = deps
  const tally = new Tally(
    () => deps.now(),
    (code) => deps.note(code),
  )

  /** The wire bytes, why there are none, or null: nothing to seal. */
  async function begin({ data, type }: EncodedFrame): Promise<Sealed> {
    if (data.byteLength === 0) return null
    try {
      const prefix = clearPrefix(stream.codec, type === 'key', data)
      return prefix === null ? 'E_CODEC' : await sender.seal(stream, prefix, data)
    } catch (error) {
      return codeOf(error)
    }
  }

  function finish(frame: EncodedFrame, sealed: Sealed): boolean {
    if (sealed === null) tally.ignore()
    else if (typeof sealed === 'string') tally.refuse(sealed)
    else {
      frame.data = sealed.buffer
      tally.pass()
      return true
    }
    return false
  }

  function askEncoder(): boolean {
    if (transformer.generateKeyFrame === undefined) return false
    // Firefox makes one of the first layer alone unless it is told of another.
    for (const rid of [undefined, ...UPPER_RIDS]) {
      // Refused while nothing is sent, or no such layer is: whoever receives later asks through RTCP.
      transformer.generateKeyFrame(rid).catch(() => undefined)
    }
    return true
  }

  const ended = pipeFrames(transformer, { begin, finish })
  return { ended, askEncoder, stats: () => tally.stats('encrypt', String(stream.idx)) }
}
