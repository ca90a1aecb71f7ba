/** The frame keys that opened a frame of one member, kept ready for the next frame. */
import type { FrameKey } from '../sframe/cipher.ts'
import { decodeKid } from './kid.ts'

const CACHED_FRAME_KEYS = 32

export class CachedFrameKeys {
  /** Least recently used first. Only keys that opened a frame are kept, so forged KIDs push nothing out. */
  readonly #byKid = new Map<bigint, FrameKey>()
  #lastUsed: FrameKey | null = null

  get(kid: bigint): FrameKey | undefined {
    return this.#byKid.get(kid)
  }

  /** This key opened a frame just now. */
  remember(frameKey: FrameKey): void {
    if (frameKey === this.#lastUsed) return
    this.#lastUsed = frameKey
    this.#byKid.delete(frameKey.kid)
    this.#byKid.set(frameKey.kid, frameKey)
    if (this.#byKid.size <= CACHED_FRAME_KEYS) return
    for (const oldest of this.#byKid.keys()) {
      this.#byKid.delete(oldest)
      return
    }
  }

  /** Drops the keys whose step is no longer held. */
  keepOnly(isHeld: (gen: number, step: number) => boolean): void {
    for (const kid of this.#byKid.keys()) {
      const { gen, step } = decodeKid(kid)
      if (!isHeld(gen, step)) this.#byKid.delete(kid)
    }
    this.#lastUsed = null
  }

  clear(): void {
    this.#byKid.clear()
    this.#lastUsed = null
  }
}
