/**
 * Our own sender key: one generation, its ratchet steps, and a counter per stream (docs/protocol.md, "Frames").
 */
import { E2eeError } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { sframe, type Cipher, type FrameKey } from '../sframe/cipher.ts'
import { assemble } from './assemble.ts'
import { frameMetadata, type SealedStream } from './frame-metadata.ts'
import { BASE_KEY_BYTES, MAX_STEP, encodeKid, type Kid } from './kid.ts'
import { fromHex, type Bytes } from '../wire.ts'

/** Limits after which a new generation must come, far below the bound of AES-GCM (docs/protocol.md, "When keys change"). */
const REKEY_FRAMES = 2 ** 24
const REKEY_BYTES = 64 * 2 ** 30
/** A counter that reaches this is never used: sealing stops. */
const LAST_CTR = 2 ** 32 - 1

export interface SendChainOptions {
  readonly cipher?: Cipher
  /** First counter of every KID, 0 by default. Skipping counters is always safe. */
  readonly firstCtr?: number
}

/** Is shown every frame that was sealed or opened: header || ciphertext || tag, without the clear prefix. */
export type FrameWitness = (kid: Kid, ctr: number, sframe: Bytes) => void

/** One stream at one step: the key of its KID and the counter that goes with it. */
interface Context {
  readonly kid: Kid
  key: FrameKey | null
  readonly ready: Promise<FrameKey>
  nextCtr: number
}

export class SendChain {
  readonly gen: number
  readonly #memberId: Bytes
  readonly #cipher: Cipher
  readonly #firstCtr: number
  #step = 0
  #baseKey: Bytes
  #next: Promise<Bytes> | null = null
  #contexts = new Map<number, Context>()
  #sealedBytes = 0
  #worn = false
  #erased = false

  private constructor(gen: number, memberId: MemberId, options: SendChainOptions) {
    this.gen = gen
    this.#memberId = fromHex(memberId, 16)
    this.#cipher = options.cipher ?? sframe
    this.#firstCtr = options.firstCtr ?? 0
    // Every generation starts from fresh random bytes, so no reload or restart can repeat a key with its counters.
    this.#baseKey = crypto.getRandomValues(new Uint8Array(BASE_KEY_BYTES))
  }

  /** A new generation at step 0. */
  static create(
    gen: number,
    memberId: MemberId,
    options: SendChainOptions = {},
  ): Promise<SendChain> {
    return Promise.resolve(new SendChain(gen, memberId, options))
  }

  get step(): number {
    return this.#step
  }

  /** True when a new generation must be made: too many frames or bytes under this one, or no step left. */
  get exhausted(): boolean {
    return this.#worn || this.#step >= MAX_STEP
  }

  /** A copy of the base key at the current step, for SENDER_KEY. */
  baseKey(): Bytes {
    if (this.#erased) throw new E2eeError('E_STATE')
    return this.#baseKey.slice()
  }

  /** The highest counter used at the current step, of each stream that has used one. */
  sent(): readonly { readonly idx: number; readonly ctr: number }[] {
    return [...this.#contexts]
      .filter(([, { nextCtr }]) => nextCtr > this.#firstCtr)
      .map(([idx, { nextCtr }]) => ({ idx, ctr: nextCtr - 1 }))
  }

  /**
   * Derives the next step without using it: a newcomer is given it before the switch (make before break).
   * @throws E2eeError E_STATE at the last step, or after `erase`.
   */
  async prepareNext(): Promise<{ step: number; baseKey: Bytes }> {
    if (this.#erased || this.#step >= MAX_STEP) throw new E2eeError('E_STATE')
    const step = this.#step + 1
    this.#next ??= this.#cipher.ratchetBaseKey(this.#baseKey)
    const next = await this.#next
    // Erasing overwrites the shared buffer; zeros must never leave as a key.
    if (this.#isErased()) throw new E2eeError('E_STATE')
    return { step, baseKey: next.slice() }
  }

  /** Switches every stream to the step that `prepareNext` derived; the old base key is overwritten. */
  async activate(): Promise<void> {
    const pending = this.#next
    if (pending === null) throw new E2eeError('E_STATE')
    const step = this.#step + 1
    const baseKey = await pending
    if (this.#next !== pending) return
    // The keys are derived before the switch, so that no frame waits for them.
    const contexts = new Map<number, Context>()
    for (const idx of this.#contexts.keys()) contexts.set(idx, this.#derive(idx, step, baseKey))
    await Promise.all([...contexts.values()].map((context) => context.ready))
    if (this.#next !== pending) return
    this.#baseKey.fill(0)
    this.#baseKey = baseKey
    this.#step = step
    this.#contexts = contexts
    this.#next = null
  }

  /** One step on, at once: for the minute rotation, which receivers follow by the KID. */
  async ratchet(): Promise<void> {
    await this.prepareNext()
    await this.activate()
  }

  /**
   * Returns what goes on the wire: clear prefix || SFrame header || ciphertext || tag.
   * @throws E2eeError E_CTR when the counter of this KID has run out, E_NO_KEY after `erase`.
   */
  async seal(
    stream: SealedStream,
    clearPrefix: Uint8Array,
    plaintext: ArrayBuffer,
    witness: FrameWitness | null = null,
  ): Promise<Bytes> {
    if (this.#erased) throw new E2eeError('E_NO_KEY')
    const context = this.#context(stream.idx)
    // The counter is taken before anything is awaited: two frames in flight can never share one.
    const ctr = this.#takeCtr(context, plaintext.byteLength)
    const key = context.key ?? (await context.ready)
    if (this.#isErased()) throw new E2eeError('E_NO_KEY')
    const metadata = frameMetadata(this.#memberId, stream.kind, stream.codec, clearPrefix)
    const { header, body } = await this.#cipher.seal(key, BigInt(ctr), metadata, plaintext)
    const wire = assemble(clearPrefix, header, body)
    witness?.(context.kid, ctr, wire.subarray(clearPrefix.byteLength))
    return wire
  }

  /** Overwrites the base keys; nothing can be sealed afterwards. */
  erase(): void {
    this.#erased = true
    this.#baseKey.fill(0)
    void this.#next?.then((next) => next.fill(0))
    this.#next = null
    this.#contexts.clear()
  }

  #isErased(): boolean {
    return this.#erased
  }

  #takeCtr(context: Context, bytes: number): number {
    const ctr = context.nextCtr
    if (ctr >= LAST_CTR) throw new E2eeError('E_CTR')
    context.nextCtr = ctr + 1
    this.#sealedBytes += bytes
    if (context.nextCtr >= REKEY_FRAMES || this.#sealedBytes >= REKEY_BYTES) this.#worn = true
    return ctr
  }

  // Kept synchronous: two first frames of a stream must find the same context, or both would start at the same counter.
  #context(idx: number): Context {
    const known = this.#contexts.get(idx)
    if (known) return known
    const fresh = this.#derive(idx, this.#step, this.#baseKey)
    this.#contexts.set(idx, fresh)
    return fresh
  }

  #derive(idx: number, step: number, baseKey: Bytes): Context {
    const kid = { gen: this.gen, stream: idx, step }
    const ready = this.#cipher.deriveFrameKey(baseKey, encodeKid(this.gen, idx, step), 'encrypt')
    const context: Context = { kid, key: null, ready, nextCtr: this.#firstCtr }
    ready.then(
      (key) => (context.key = key),
      () => undefined,
    )
    return context
  }
}
