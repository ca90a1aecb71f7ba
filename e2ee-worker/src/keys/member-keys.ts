/**
 * Every receiving key of one member: at most two generations, found by KID and never by trying.
 */
import { E2eeError } from '../errors.ts'
import type { Codec, MemberId, StreamKind } from '../protocol.ts'
import { sframe as defaultCipher, type Cipher } from '../sframe/cipher.ts'
import { decodeHeader } from '../sframe/header.ts'
import { CachedFrameKeys } from './cached-frame-keys.ts'
import type { SeenCounters } from './counter-windows.ts'
import { frameMetadata, type SealedStream } from './frame-metadata.ts'
import { BASE_KEY_BYTES, MAX_STEP, decodeKid } from './kid.ts'
import { ReceiveChain } from './receive-chain.ts'
import type { FrameWitness } from './send-chain.ts'
import { fromHex, type Bytes } from '../wire.ts'

/** The keys before the first good frame of a new one stay this long, for frames still on their way. */
const KEEP_AFTER_FRAME_MS = 5000
/** And no longer than this after the new key was told, whether or not a frame came. */
const KEEP_AT_MOST_MS = 10_000
/** Senders stop here; a larger counter is forged. */
const MAX_CTR = 2n ** 32n - 1n

/** What SENDER_KEY brings. `baseKey` is 64 bytes; it is copied. */
export interface ReceivedKey {
  readonly gen: number
  readonly step: number
  readonly baseKey: Uint8Array
  readonly streams: readonly SealedStream[]
}

/** By generation. */
export type SeenFrames = ReadonlyMap<number, SeenCounters>

export class MemberKeys {
  witness: FrameWitness | null = null
  readonly #memberId: Bytes
  readonly #now: () => number
  readonly #cipher: Cipher
  readonly #before: SeenFrames
  #current: ReceiveChain | null = null
  #previous: { readonly chain: ReceiveChain; until: number } | null = null
  /** The last generation whose keys are gone: it opens nothing, but knows how far it had. */
  #former: ReceiveChain | null = null
  /** The first key we were ever given. */
  #first: { readonly gen: number; readonly step: number } | null = null
  readonly #frameKeys = new CachedFrameKeys()

  /** `now` is a monotonic clock in milliseconds; `before` is what opened during an earlier stay of this member. */
  constructor(
    memberId: MemberId,
    now: () => number,
    { cipher = defaultCipher, before = new Map() }: { cipher?: Cipher; before?: SeenFrames } = {},
  ) {
    this.#memberId = fromHex(memberId, 16)
    this.#now = now
    this.#cipher = cipher
    this.#before = before
  }

  /** @throws E2eeError E_LEN when malformed, E_KEY_ROLLBACK when generation and step are not newer than what is known. */
  accept({ gen, step, baseKey, streams }: ReceivedKey): void {
    if (baseKey.byteLength !== BASE_KEY_BYTES || step > MAX_STEP) throw new E2eeError('E_LEN')
    const current = this.#current
    if (current && (gen < current.gen || (gen === current.gen && step <= current.newest))) {
      throw new E2eeError('E_KEY_ROLLBACK')
    }
    this.#first ??= { gen, step }
    const copy = Uint8Array.from(baseKey)
    if (current?.gen === gen) {
      current.install(step, copy)
      current.describe(streams)
      this.#forgetFrameKeys()
      return
    }
    this.#dropPrevious()
    if (current) this.#previous = { chain: current, until: this.#now() + KEEP_AT_MOST_MS }
    const key = { gen, step, baseKey: copy }
    this.#current = new ReceiveChain(key, this.#cipher, this.#before.get(gen))
    this.#current.describe(streams)
  }

  /**
   * A key that we hold already, derived ahead of being told: only what it says about the streams is new.
   * False when it is not the newest key.
   */
  describe({ gen, step, baseKey, streams }: ReceivedKey): boolean {
    const current = this.#current
    if (current?.gen !== gen || current.newest !== step || !current.is(step, baseKey)) return false
    current.describe(streams)
    return true
  }

  /** Its sender may no longer send all that it announced: frames of other streams are refused from now on. */
  keepOnly(isPermitted: (stream: SealedStream) => boolean): void {
    for (const chain of [this.#current, this.#previous?.chain])
      chain?.describe([...chain.streams.values()].filter(isPermitted))
  }

  /**
   * Opens one frame of a consumer that shows `kind`, or what was said as data; the KID alone decides the key.
   * @throws E2eeError E_SHORT, E_LEN, E_NO_KEY, E_STREAM, E_CTR, E_FRAME_REPLAY or E_FRAME_AUTH.
   */
  async open(sframe: Bytes, kind: SealedStream['kind'], clearPrefix: Uint8Array): Promise<Bytes> {
    this.sweep()
    const header = decodeHeader(sframe)
    const kid = decodeKid(header.kid)
    const { gen, stream, step } = kid
    const chain = this.#chain(gen)
    if (chain === null) throw new E2eeError('E_NO_KEY')
    // A TCS that swaps two streams of one member is caught here: the index says what the stream may be.
    const descriptor = chain.streams.get(stream)
    // What was not announced may be announced by a key that is still on its way.
    if (descriptor === undefined) throw new E2eeError('E_NO_KEY')
    if (descriptor.kind !== kind) throw new E2eeError('E_STREAM')
    if (header.ctr > MAX_CTR) throw new E2eeError('E_CTR')
    const ctr = Number(header.ctr)
    if (!chain.isFresh(stream, step, ctr)) throw new E2eeError('E_FRAME_REPLAY')
    const cached = this.#frameKeys.get(header.kid)
    const frameKey = cached ?? (await chain.frameKey(stream, step))
    if (frameKey === null) throw new E2eeError('E_NO_KEY')
    const metadata = frameMetadata(this.#memberId, kind, descriptor.codec, clearPrefix)
    const plaintext = await this.#cipher.open(frameKey, sframe, metadata, header)
    // Keys may have been erased while this frame was being opened.
    if (!chain.holds(step)) throw new E2eeError('E_NO_KEY')
    if (!chain.accept(stream, step, ctr)) throw new E2eeError('E_FRAME_REPLAY')
    this.#opened(chain, step)
    this.#frameKeys.remember(frameKey)
    this.witness?.(kid, ctr, sframe)
    return plaintext
  }

  /** The codec its sender announced for this kind, null before the first key: it says how long the clear prefix is. */
  codecOf(kind: StreamKind): Codec | null {
    for (const stream of this.#current?.streams.values() ?? []) {
      if (stream.kind !== 'data' && stream.kind === kind) return stream.codec
    }
    return null
  }

  /** The newest generation, and the highest step in it that its sender has told or vouched for. */
  newest(): { gen: number; step: number } | null {
    return this.#current && { gen: this.#current.gen, step: this.#current.newest }
  }

  /** What opened, for a later stay: who comes back may still use the key of before, and old frames must stay old. */
  seen(): SeenFrames {
    const chains = [this.#previous?.chain ?? null, this.#current].filter((chain) => chain !== null)
    if (chains.length === 0) return this.#before
    return new Map(chains.map((chain) => [chain.gen, chain.seen()]))
  }

  /** Sealed before we were let in: no key for it will ever come. */
  predates(kid: bigint): boolean {
    if (this.#first === null) return false
    const { gen, step } = decodeKid(kid)
    return gen < this.#first.gen || (gen === this.#first.gen && step < this.#first.step)
  }

  /**
   * How many counters at least lie between what opened of a stream and what its sender says to have sent. All of them
   * when something opened that is more than `ahead` beyond its word: that was forged, and what is real is refused since.
   */
  missing(
    stream: number,
    sent: { readonly gen: number; readonly step: number; readonly ctr: number },
    ahead: number,
  ): number {
    const current = this.#current
    if (current && current.gen > sent.gen && current.furthest(stream)) return 0
    const former = this.#former?.gen === sent.gen ? this.#former : null
    const opened = (this.#chain(sent.gen) ?? former)?.furthest(stream)
    if (!opened || opened.step < sent.step) return sent.ctr + 1
    if (opened.step > sent.step) return 0
    return opened.ctr > sent.ctr + ahead
      ? Number.POSITIVE_INFINITY
      : Math.max(0, sent.ctr - opened.ctr)
  }

  /**
   * A signed PRESENCE or VOUCH named this step: what came before it goes 5 s after a frame of it opened, and after 10 s
   * even if none comes.
   */
  async commitStep(gen: number, step: number): Promise<void> {
    const chain = this.#chain(gen)
    if (chain === null || step <= chain.committed) return
    const keepMs = chain.hasOpened(step) ? KEEP_AFTER_FRAME_MS : KEEP_AT_MOST_MS
    await chain.commit(step, this.#now() + keepMs)
    this.#forgetFrameKeys()
  }

  /** Erases keys whose time is over. Opening a frame does it too; call it from time to time for members who are silent. */
  sweep(): void {
    // Nothing waits to be erased nearly always, and then even asking for the time is too much for every frame.
    if (this.#previous === null && !(this.#current?.expiring ?? false)) return
    const now = this.#now()
    if (this.#previous && this.#previous.until <= now) this.#dropPrevious()
    const older = this.#previous?.chain.sweep(now) ?? false
    const newer = this.#current?.sweep(now) ?? false
    if (older || newer) this.#forgetFrameKeys()
  }

  erase(): void {
    this.#dropPrevious()
    this.#former = null
    this.#current?.eraseAll()
    this.#current = null
    this.#frameKeys.clear()
  }

  #chain(gen: number): ReceiveChain | null {
    if (this.#current?.gen === gen) return this.#current
    return this.#previous?.chain.gen === gen ? this.#previous.chain : null
  }

  #opened(chain: ReceiveChain, step: number): void {
    if (chain.hasOpened(step)) return
    const deadline = this.#now() + KEEP_AFTER_FRAME_MS
    chain.opened(step, deadline)
    if (chain === this.#current && this.#previous) {
      this.#previous.until = Math.min(this.#previous.until, deadline)
    }
    this.#forgetFrameKeys()
  }

  #dropPrevious(): void {
    this.#previous?.chain.eraseAll()
    this.#former = this.#previous?.chain ?? this.#former
    this.#previous = null
    this.#forgetFrameKeys()
  }

  /** Drops the cached keys whose step is no longer held. */
  #forgetFrameKeys(): void {
    this.#frameKeys.keepOnly((gen, step) => this.#chain(gen)?.holds(step) ?? false)
  }
}
