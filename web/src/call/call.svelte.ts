/** The Call: owns the worker with its keys, the connection to the TCS and the people of one meeting, and their end. */
import { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { StartReply } from '@huisclos/e2ee-worker/calls'
import { Attendance, type CutCode, type Step } from './attendance.ts'
import { Connection } from './connection.ts'
import type { Devices } from './devices/devices.svelte.ts'
import { openFeatures, type Features } from './features/features.ts'
import { diagnose, type Diagnostics } from './health/diagnostics.ts'
import type { SentSource } from './media/uplink.ts'
import { Publishing } from './media/publishing.ts'
import { Membership, type KeyAge, type MembershipOptions } from './membership.ts'
import { CallError, codeOf } from './outcome/errors.ts'
import { Notices } from './outcome/notices.svelte.ts'
import { isFinal } from './outcome/table.ts'
import { Peers } from './people/peers.svelte.ts'
import { within } from './signalling/backoff.ts'
import { Keyring } from './signalling/key-messages.ts'
import { workerEvents } from './worker-events.ts'

export type Life = 'joining' | 'joined' | 'reconnecting' | 'left' | 'failed'

export interface CallOptions extends Omit<MembershipOptions, 'e2ee' | 'onStarted' | 'onRenewed'> {
  readonly devices: Devices
}

/** Leaving must not wait for a server that has gone. */
const GOODBYE_MS = 1_000

export class Call {
  readonly peers = new Peers()
  readonly notices = new Notices()
  readonly features: Features
  readonly #devices: Devices
  readonly #e2ee: E2eeClient
  readonly #keyring: Keyring
  readonly #membership: Membership
  readonly #publishing: Publishing
  readonly #attendance: Attendance
  #life = $state<Life>('joining')
  #step = $state<Step>('invitation')
  #failure = $state<string | null>(null)
  #me = $state.raw<StartReply | null>(null)
  #sendingStopped = $state(false)
  #closed = false

  /** @throws CallError `unsupported-browser`. */
  constructor(options: CallOptions) {
    if (!E2eeClient.supported()) throw new CallError('unsupported-browser')
    const { devices, server } = options
    const { peers, notices } = this
    this.#devices = devices
    this.#e2ee = new E2eeClient((event) => receive(event))
    this.features = openFeatures({ e2ee: this.#e2ee, peers, notices, server })
    this.#membership = new Membership({
      ...{ ...options, e2ee: this.#e2ee },
      onStarted: (me) => this.#started(me),
      onRenewed: (token) => void this.#attendance.line?.renewToken(token),
    })
    this.#publishing = new Publishing(this.#e2ee)
    this.#attendance = new Attendance({
      membership: this.#membership,
      open: (onCut) => this.#connect(onCut),
      onStep: (step) => (this.#step = step),
      onJoined: () => (this.#life = 'joined'),
      onLost: () => (this.#life = 'reconnecting'),
      onFailed: (code) => this.#fail(code),
    })
    this.#keyring = new Keyring((notice) => this.#e2ee.notice(notice))
    const receive = workerEvents({
      ...{ peers, notices, features: this.features, keyring: this.#keyring },
      uplink: () => this.#attendance.line?.media.uplink ?? null,
      ownId: () => this.me?.memberId ?? null,
      renewToken: () => void this.#renewToken(),
      fail: (code) => this.#fail(code),
    })
    devices.onUse = (kind) => void this.#attendance.line?.media.refresh(kind)
    document.addEventListener('visibilitychange', this.#onVisibility)
    globalThis.addEventListener('pagehide', this.#onPageHide)
  }

  get life(): Life {
    return this.#life
  }

  get step(): Step {
    return this.#step
  }

  /** Code of what ended the call, when `life` is `failed`. */
  get failure(): string | null {
    return this.#failure
  }

  /** Who I am according to my own token; null before the keys exist. */
  get me(): StartReply | null {
    return this.#me
  }

  /**
   * Gets ready while the person checks the devices: keys, and a connection that nobody hears of yet.
   * @throws whatever keeps this person out; what may pass is tried again with the join
   */
  async prepare(): Promise<void> {
    await this.#attendance.prepare()
  }

  /** Joins. How it ends is seen in `life`. */
  async join(): Promise<void> {
    try {
      await this.#attendance.enter()
    } catch (error) {
      this.#fail(codeOf(error))
    }
  }

  /** Leaves for good; the others are told. Idempotent. */
  async leave(): Promise<void> {
    if (this.#closed || this.#life === 'left') return
    this.#life = 'left'
    // BYE goes through the connection, so the keys are closed before it.
    await within(GOODBYE_MS, this.#e2ee.call('close', {}))
    const { line } = this.#attendance
    if (line !== null) await within(GOODBYE_MS, line.leave())
    this.close()
  }

  /** Ends everything at once. Idempotent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#life !== 'failed') this.#life = 'left'
    document.removeEventListener('visibilitychange', this.#onVisibility)
    globalThis.removeEventListener('pagehide', this.#onPageHide)
    this.#attendance.close()
    this.#e2ee.terminate()
    this.features.close()
    this.notices.close()
    this.peers.close()
  }

  maySend(source: SentSource): boolean {
    return !this.#sendingStopped && (this.me?.prm.includes(source) ?? false)
  }

  /** A tile is visible with this height, or is not (0). @param lines device pixels */
  show(consumerId: string, lines: number): void {
    this.#attendance.line?.media.downlink?.show(consumerId, lines)
  }

  diagnose(): Promise<Diagnostics> {
    return diagnose(this.#life, this.#e2ee, this.#attendance.line?.media ?? null)
  }

  /** Milliseconds to the planned end, negative after it; null before the TMMS has told. */
  get endsInMs(): number | null {
    return this.#membership.endsInMs
  }

  keyAge(): Promise<KeyAge> {
    return this.#membership.keyAge()
  }

  #started(me: StartReply): void {
    this.#me = me
    this.features.policy.learn(me.policy)
    this.peers.self(me)
    this.peers.verified([])
    this.features.forget()
    this.#publishing.forget()
  }

  #connect(onCut: (code: CutCode) => void): Promise<Connection> {
    return Connection.open({
      origin: this.#membership.tcsOrigin,
      e2ee: this.#e2ee,
      keyring: this.#keyring,
      peers: this.peers,
      publishing: this.#publishing,
      outgoing: this.#outgoing,
      diagnose: () => this.diagnose(),
      onCut,
      onGone: (peerId) => this.notices.settled([peerId]),
      onProblem: (code) => this.notices.add(code, null),
      onLeak: () => {
        this.#sendingStopped = true
        this.notices.add('clear-media', null)
      },
    })
  }

  /** What may be sent as this source now: the open device, which is open only while the person wants it. */
  readonly #outgoing = (source: SentSource): MediaStreamTrack | null => {
    const { camera, microphone } = this.#devices
    return this.maySend(source) ? (source === 'audio' ? microphone : camera).track : null
  }

  /** The worker asks again when this one failed. */
  async #renewToken(): Promise<void> {
    try {
      await this.#membership.renew()
    } catch (error) {
      if (this.#life === 'joined' && isFinal(codeOf(error))) this.#fail(codeOf(error))
    }
  }

  #fail(code: string): void {
    if (this.#closed) return
    this.#failure = code
    this.#life = 'failed'
    this.close()
  }

  readonly #onVisibility = (): void => {
    this.#attendance.line?.media.pageVisible(!document.hidden)
  }

  /** Whoever closes the tab has left; waiting 15 s for them would help nobody. */
  readonly #onPageHide = (): void => {
    void this.#attendance.line?.leave().catch(() => undefined)
    this.close()
  }
}
