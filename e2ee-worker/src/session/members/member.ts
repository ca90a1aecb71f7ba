/**
 * One verified member as we know it: its HELLOs, the pair keys with it, and which of our keys it holds.
 */
import type { Envelope, ReceivePair, SendPair } from '../../messages/envelope.ts'
import type { VerifiedHello } from '../../messages/hello.ts'
import { MemberKeys, type SeenFrames } from '../../keys/member-keys.ts'
import { encodeControl, type Control } from '../../messages/control.ts'
import { permits } from '../../trust/token.ts'
import { sameBytes, type Bytes } from '../../wire.ts'
import { E2eeError } from '../../errors.ts'
import type {
  Member as ShownMember,
  MemberId,
  StreamDescriptor,
  Verification,
} from '../../protocol.ts'
import { Allowance, BackOff, Throttle, type Cancel, type Clock } from '../../clock.ts'
import { PREVIOUS_EK_MS, type Me } from './me.ts'
import { openReceiving, openSending } from './pair-opening.ts'

const ASK_EVERY_MS = 2000
const MAX_ASK_MS = 16_000

/** The receiving end of one pair key. */
interface Receiving {
  readonly pair: ReceivePair
  /** Its other end repeats what we need no longer, and was answered so. */
  answered: boolean
}

/** The sending end of the newest pair key, and which sender keys of ours (`gen:step`) went out under it. */
interface Sending {
  readonly epochs: string
  readonly pair: SendPair
  readonly offered: Set<string>
}

export interface OpenedEnvelope {
  readonly plaintext: Bytes
  /** How many envelopes before it were lost. */
  readonly missed: number
  readonly repeats: boolean
}

export class Member {
  readonly memberId: MemberId
  readonly keys: MemberKeys
  readonly admittedAt: number
  /** True when an earlier stay of this member ended; it may think that we still hold its keys. */
  readonly returning: boolean
  state: ShownMember['state'] = 'verified'
  /** How well this browser knows the device; nothing is entrusted to one that was not looked up yet. */
  verification: Verification = 'changed'
  /** True once an envelope of this member opened: it holds the private half of its ephemeral key. */
  confirmed = false
  streams: readonly StreamDescriptor[] = []
  cancelLost: Cancel | null = null
  /** Our generations this member was given, and those it acknowledged, each with the step. */
  readonly given = new Map<number, number>()
  readonly acked = new Map<number, number>()
  readonly answerHello = new Throttle(ASK_EVERY_MS)
  /** In a large meeting on a slow machine everybody asking every two seconds would keep the answers from coming. */
  readonly askKey = new BackOff(ASK_EVERY_MS, MAX_ASK_MS)
  readonly askHello = new Throttle(ASK_EVERY_MS)
  /** Half of what members keep to, so that network jitter costs nobody an answer. */
  readonly answerKey = new Throttle(ASK_EVERY_MS / 2)
  /** More new keys than any honest member brings; one that goes unanswered comes into use all the same. */
  readonly ackKey = new Allowance(16, 125)
  /** A ROSTER comes with each welcome: once, and again after each cut that was long enough. */
  readonly handsOn = new Allowance(4, 15_000)
  /** Less than it takes from us. */
  readonly handedOn = new Allowance(3, 20_000)
  readonly #me: Me
  readonly #clock: Clock
  #hello: VerifiedHello
  #previous: VerifiedHello | null = null
  #previousUntil = 0
  #sending: Sending | null = null
  /** By epochs, theirs and ours. */
  readonly #receiving = new Map<string, Receiving>()
  /** Epochs under which its last envelope came. */
  #openedUnder = { theirs: 0, own: 0 }

  /** `before` is what opened during an earlier stay; null when there was none. */
  constructor(hello: VerifiedHello, before: SeenFrames | null, me: Me, clock: Clock) {
    this.memberId = hello.memberId
    this.returning = before !== null
    this.admittedAt = clock.now()
    this.keys = new MemberKeys(hello.memberId, () => clock.now(), { before: before ?? new Map() })
    this.#hello = hello
    this.#me = me
    this.#clock = clock
  }

  get hello(): VerifiedHello {
    return this.#hello
  }

  /** It stands in the place of a verified device: it gets no keys of ours, and what it sends is not shown. */
  get blocked(): boolean {
    return this.verification === 'changed'
  }

  isHello(hash: Bytes): boolean {
    return sameBytes(hash, this.#hello.hash)
  }

  /** A newer HELLO of this member: envelopes under the former one are accepted for a while. */
  renew(hello: VerifiedHello): void {
    this.#previous = this.#hello
    this.#previousUntil = this.#clock.now() + PREVIOUS_EK_MS
    this.#hello = hello
    // What the new token no longer permits is refused at once, under keys that we hold already as well.
    const isPermitted = (stream: { readonly kind: string }): boolean =>
      permits(hello.claims, stream)
    this.keys.keepOnly(isPermitted)
    this.streams = this.streams.filter(isPermitted)
  }

  /** One envelope to this member, under the newest keys of both. */
  async seal(message: Control): Promise<Bytes> {
    const plaintext = encodeControl(message)
    try {
      return await this.sealEncoded(message, plaintext)
    } finally {
      plaintext.fill(0)
    }
  }

  /** The same for what goes to many and was encoded once; the caller erases it. */
  async sealEncoded(message: Control, plaintext: Bytes): Promise<Bytes> {
    const own = this.#me.current
    const epochs = `${own.epoch}:${this.#hello.epoch}`
    if (this.#sending?.epochs !== epochs) {
      this.#sending = {
        epochs,
        pair: await openSending(this.#me, own, this.#hello),
        offered: new Set(),
      }
    }
    if (message.type === 'sender-key') this.#sending.offered.add(`${message.gen}:${message.step}`)
    return this.#sending.pair.seal(plaintext)
  }

  /** This member holds that key of ours. If it came under the pair key in use, so does it hold that one. */
  acknowledged(gen: number, step: number): void {
    if (this.#sending?.offered.delete(`${gen}:${step}`)) this.#sending.pair.confirmed()
  }

  /** It holds the pair key that its last envelope belongs to, if that is still the one in use. */
  pairAcknowledged(): void {
    const { theirs, own } = this.#openedUnder
    if (this.#sending?.epochs === `${own}:${theirs}`) this.#sending.pair.confirmed()
  }

  /**
   * `repeats`: for the first time it sent again what showed us the pair key. Somebody with a sender key is told that we
   * hold both by our acknowledgement; others would go on for ever.
   * @throws E2eeError E_EPOCH for keys gone or never had, E_ENV_REPLAY or E_ENV_AUTH.
   */
  async open(envelope: Envelope): Promise<OpenedEnvelope> {
    const now = this.#clock.now()
    const own = this.#me.epoch(envelope.epochTo, now)
    const theirs = this.#helloOf(envelope.epochFrom, now)
    if (own === null || theirs === null) throw new E2eeError('E_EPOCH')
    if (this.#me.suite === 1 && envelope.kemCt.byteLength !== 0) throw new E2eeError('E_LEN')
    const epochs = `${theirs.epoch}:${own.epoch}`
    const known = this.#receiving.get(epochs)
    const pair = known?.pair ?? (await openReceiving(this.#me, own, theirs, envelope.kemCt))
    const opened = await pair.open(envelope)
    const repeats = known !== undefined && !known.answered && envelope.kemCt.byteLength > 0
    // Until an envelope opened, its KEM ciphertext may be anybody's; from then on the pair key stays what it is.
    this.#receiving.set(epochs, { pair, answered: repeats || (known?.answered ?? false) })
    this.#openedUnder = { theirs: theirs.epoch, own: own.epoch }
    this.confirmed = true
    return { ...opened, repeats }
  }

  /** Drops pair keys that no current or previous HELLO stands for any longer. */
  forgetExpired(now: number): void {
    if (now >= this.#previousUntil) this.#previous = null
    for (const epochs of this.#receiving.keys()) {
      const [theirs, own] = epochs.split(':').map(Number)
      const alive = this.#helloOf(theirs ?? 0, now) && this.#me.epoch(own ?? 0, now)
      if (!alive) this.#receiving.delete(epochs)
    }
  }

  erase(): void {
    this.cancelLost?.()
    this.cancelLost = null
    this.keys.erase()
    this.#sending = null
    this.#receiving.clear()
  }

  #helloOf(epoch: number, now: number): VerifiedHello | null {
    if (this.#hello.epoch === epoch) return this.#hello
    return this.#previous?.epoch === epoch && now < this.#previousUntil ? this.#previous : null
  }
}
