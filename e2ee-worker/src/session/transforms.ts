/** Attaches transforms to whatever session is open, and remembers them for counting. */
import { E2eeError } from '../errors.ts'
import { CODEC_NUMBER, KIND_NUMBER } from '../keys/frame-metadata.ts'
import { STREAM_INDEX } from '../protocol.ts'
import type { TransformStats } from '../calls.ts'
import type { WorkerEvent } from '../events.ts'
import type { Authenticity, E2eeCode, MemberId, TransformOptions } from '../protocol.ts'
import { attachDecrypt, type DecryptTransform } from '../transform/decrypt-stream.ts'
import type { Transformer } from '../transform/encoded.ts'
import { attachEncrypt, type EncryptTransform } from '../transform/encrypt-stream.ts'
import type { Session } from './session.ts'

/** A key that was lost on its way may be what announced this stream, or its codec. */
const MAY_MISS_KEY: ReadonlySet<E2eeCode> = new Set(['E_NO_KEY', 'E_STREAM', 'E_FRAME_AUTH'])

export interface TransformsDeps {
  /** Asked for every frame: sessions open and close while transforms stay. */
  readonly session: () => Session | null
  readonly emit: (event: WorkerEvent) => void
  readonly now: () => number
}

interface Decrypting {
  readonly owner: string
  readonly transform: DecryptTransform
  readonly idx: number
  readonly attachedAt: number
  delayed: boolean
  authenticity: Authenticity | null
}

export class Transforms {
  readonly #deps: TransformsDeps
  /** By stream index: a replaced sender attaches a new one. */
  readonly #encrypting = new Map<number, EncryptTransform>()
  readonly #decrypting = new Map<string, Decrypting>()

  constructor(deps: TransformsDeps) {
    this.#deps = deps
  }

  /** @throws E2eeError E_STREAM for options that name no stream; the transformer then stays unread, so nothing passes. */
  attach(transformer: Transformer, options: unknown): void {
    if (!isOptions(options)) throw new E2eeError('E_STREAM')
    if (options.dir === 'encrypt') this.#encrypt(transformer, options)
    else this.#decrypt(transformer, options)
  }

  /**
   * Has the encoder of this stream make a key frame, where a browser lets its transform ask for one.
   * @returns false where it does not, or where nothing is sent yet
   */
  askEncoder(streamIdx: number): boolean {
    return this.#encrypting.get(streamIdx)?.askEncoder() ?? false
  }

  keysArrived(memberId: MemberId): void {
    for (const { owner, transform } of this.#decrypting.values()) {
      if (owner === memberId) transform.keysArrived()
    }
  }

  /** By its signed word this member had sent these streams further at `saidAt` than they have arrived by now. */
  heldBack(memberId: MemberId, streamIdxs: readonly number[], saidAt: number): void {
    for (const [consumerId, attached] of this.#decrypting) {
      // What was sent before a consumer existed never comes.
      if (attached.owner !== memberId || attached.attachedAt > saidAt) continue
      const delayed = streamIdxs.includes(attached.idx)
      if (delayed === attached.delayed) continue
      attached.delayed = delayed
      this.#deps.emit({ type: 'media-delay', consumerId, delayed })
    }
  }

  /** Whose word stands behind the frames of this member's stream that opened. */
  authenticity(memberId: MemberId, streamIdx: number, state: Authenticity): void {
    for (const [consumerId, attached] of this.#decrypting) {
      const { owner, idx } = attached
      if (owner !== memberId || idx !== streamIdx || attached.authenticity === state) continue
      attached.authenticity = state
      this.#deps.emit({ type: 'media-authenticity', consumerId, state })
    }
  }

  detach(consumerId: string): void {
    this.#decrypting.delete(consumerId)
  }

  stats(): readonly TransformStats[] {
    const decrypting = [...this.#decrypting.values()].map(({ transform }) => transform)
    return [...this.#encrypting.values(), ...decrypting].map((transform) => transform.stats())
  }

  #encrypt(transformer: Transformer, options: TransformOptions & { dir: 'encrypt' }): void {
    const { session, emit, now } = this.#deps
    const stream = { idx: options.streamIdx, kind: options.kind, codec: options.codec }
    const transform = attachEncrypt(transformer, {
      stream,
      sender: {
        seal: (...frame) => {
          const sender = session()?.sender
          return sender ? sender.seal(...frame) : Promise.reject(new E2eeError('E_NO_KEY'))
        },
      },
      // Without a key frames are dropped by design until one is spread; anything else deserves a word.
      note: (code) => {
        if (code !== 'E_NO_KEY') emit({ type: 'warning', code, memberId: null })
      },
      now,
    })
    this.#encrypting.set(stream.idx, transform)
  }

  #decrypt(transformer: Transformer, options: TransformOptions & { dir: 'decrypt' }): void {
    const { session, emit, now } = this.#deps
    const { consumerId, owner, kind } = options
    const transform = attachDecrypt(transformer, {
      ...{ consumerId, owner, kind, now },
      memberKeys: (memberId) => session()?.keysOf(memberId) ?? null,
      note: (code) => {
        if (MAY_MISS_KEY.has(code)) session()?.requestKey(owner)
        if (code !== 'E_NO_KEY') emit({ type: 'warning', code, memberId: owner })
      },
      onState: (state, code) => emit({ type: 'media-state', consumerId, state, code }),
    })
    const attached = {
      owner,
      transform,
      attachedAt: now(),
      idx: STREAM_INDEX[kind],
      delayed: false,
      authenticity: null,
    }
    this.#decrypting.set(consumerId, attached)
  }
}

function isOptions(value: unknown): value is TransformOptions {
  const options = value as Partial<Record<string, unknown>> | null | undefined
  const kind = options?.['kind']
  if (typeof kind !== 'string' || !Object.hasOwn(KIND_NUMBER, kind)) return false
  if (options?.['dir'] === 'decrypt') {
    return typeof options['consumerId'] === 'string' && typeof options['owner'] === 'string'
  }
  const codec = options?.['codec']
  return (
    options?.['dir'] === 'encrypt' &&
    typeof codec === 'string' &&
    Object.hasOwn(CODEC_NUMBER, codec) &&
    options['streamIdx'] === STREAM_INDEX[kind as keyof typeof STREAM_INDEX]
  )
}
