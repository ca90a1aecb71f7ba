/**
 * Encoded frame in, SFrame frame out. Whatever cannot be sealed is dropped: there is no way around the cipher.
 */
import { codeOf } from '../errors.ts'
import type { Sender } from '../keys/send-chain.ts'
import type { E2eeCode, StreamDescriptor, TransformStats } from '../protocol.ts'
import { clearPrefix } from './clear-bytes.ts'
import { pipeFrames, type EncodedFrame, type Transformer } from './encoded.ts'
import { Tally } from './tally.ts'

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
  /** Settles when the pipe ends; it never rejects. */
  readonly ended: Promise<void>
}

export function attachEncrypt(transformer: Transformer, deps: EncryptDeps): EncryptTransform {
  const { sender, stream } = deps
  const tally = new Tally(
    () => deps.now(),
    (code) => deps.note(code),
  )

  async function seal(frame: EncodedFrame): Promise<boolean> {
    try {
      const data = frame.data
      if (data.byteLength === 0) {
        tally.ignore()
        return false
      }
      const prefix = clearPrefix(stream.codec, frame.type === 'key', data)
      if (prefix === null) {
        tally.refuse('E_CODEC')
        return false
      }
      const wire = await sender.seal(stream, prefix, data)
      frame.data = wire.buffer
      tally.pass()
      return true
    } catch (error) {
      tally.refuse(codeOf(error))
      return false
    }
  }

  const ended = pipeFrames(transformer, seal)
  return { ended, stats: () => tally.stats('encrypt', String(stream.idx)) }
}
