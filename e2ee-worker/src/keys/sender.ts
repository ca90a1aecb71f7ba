/** The sender key in use, which every encrypt transform seals with. */
import { E2eeError } from '../errors.ts'
import type { SealedStream } from './frame-metadata.ts'
import type { FrameWitness, SendChain } from './send-chain.ts'
import type { Bytes } from '../wire.ts'

/** What every encrypt transform holds: switching `current` moves all streams to the new key at once. */
export class Sender {
  current: SendChain | null = null
  witness: FrameWitness | null = null
  #since = 0

  /** When the current generation came into use, by the clock of `use`. */
  get since(): number {
    return this.#since
  }

  /** A new generation: the one before it is erased. */
  use(chain: SendChain, now: number): void {
    this.current?.erase()
    this.current = chain
    this.#since = now
  }

  /** Which key seals now, and since how long its generation does; null when there is none. */
  inUse(now: number): { generation: number; step: number; keyAgeMs: number } | null {
    if (this.current === null) return null
    const { gen: generation, step } = this.current
    return { generation, step, keyAgeMs: now - this.#since }
  }

  /** @throws E2eeError E_NO_KEY when there is no key, or what `SendChain.seal` throws. */
  seal(stream: SealedStream, clearPrefix: Uint8Array, plaintext: ArrayBuffer): Promise<Bytes> {
    if (this.current === null) return Promise.reject(new E2eeError('E_NO_KEY'))
    return this.current.seal(stream, clearPrefix, plaintext, this.witness)
  }
}
