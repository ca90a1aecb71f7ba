/** Announces to the worker, once each, the streams this person sends: their keys must be spread before a frame. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { StreamDescriptor } from '@huisclos/e2ee-worker/protocol'

export class Publishing {
  readonly #e2ee: Pick<E2eeClient, 'call'>
  readonly #streams = new Map<number, StreamDescriptor>()
  readonly #done = new Map<number, Promise<unknown>>()

  constructor(e2ee: Pick<E2eeClient, 'call'>) {
    this.#e2ee = e2ee
  }

  /** Resolves when the keys of this stream are in use. The worker is always given all streams together. */
  async publish(stream: StreamDescriptor): Promise<void> {
    const known = this.#streams.get(stream.idx)
    const done = this.#done.get(stream.idx)
    if (known?.codec === stream.codec && done !== undefined) {
      await done
      return
    }
    this.#streams.set(stream.idx, stream)
    const work = this.#e2ee.call('publish', { streams: [...this.#streams.values()] })
    this.#done.set(stream.idx, work)
    try {
      await work
    } catch (error) {
      // A session that has begun meanwhile has streams of its own.
      if (this.#done.get(stream.idx) === work) {
        this.#streams.delete(stream.idx)
        this.#done.delete(stream.idx)
      }
      throw error
    }
  }

  /** The worker's session is a new one. */
  forget(): void {
    this.#streams.clear()
    this.#done.clear()
  }
}
