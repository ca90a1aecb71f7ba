/** The Call: owns the worker with its keys, the connection to the TCS and the people of one meeting, and their end. */
import { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { StartReply } from '@huisclos/e2ee-worker/protocol'
import type { TcsCode } from '@huisclos/sfu/protocol'
import { Connection } from './connection.ts'
import type { Devices } from './devices/devices.svelte.ts'
import { openFeatures, type Features } from './features/features.ts'
import { diagnose, type Diagnostics } from './health/diagnostics.ts'
import type { SentSource } from './media/uplink.ts'
import { Publishing } from './media/publishing.ts'
import { Membership, type KeyAge, type MembershipOptions } from './membership.svelte.ts'
import { CallError, codeOf } from './outcome/errors.ts'
import { Notices } from './outcome/notices.svelte.ts'
import { endsReconnecting, isFinal } from './outcome/table.ts'
import { Peers } from './people/peers.svelte.ts'
import { backoffMs, pause, within } from './signalling/backoff.ts'
import { Keyring } from './signalling/key-messages.ts'
import { workerEvents } from './worker-events.ts'

export type Life = 'joining' | 'joined' | 'reconnecting' | 'left' | 'failed'
/** What joining is busy with, shown step by step. */
export type Step = 'invitation' | 'keys' | 'server' | 'media'

export interface CallOptions extends Omit<MembershipOptions, 'e2ee' | 'onStarted'> {
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
  readonly #end = new AbortController()
  #life = $state<Life>('joining')
  #step = $state<Step>('invitation')
  #failure = $state<string | null>(null)
  #sendingStopped = $state(false)
  #connection: Connection | null = null

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
    })
    this.#publishing = new Publishing(this.#e2ee)
    this.#keyring = new Keyring((notice) => this.#e2ee.notice(notice))
    const receive = workerEvents({
      ...{ peers, notices, features: this.features, keyring: this.#keyring },
      uplink: () => this.#connection?.media?.uplink ?? null,
      ownId: () => this.me?.memberId ?? null,
      renewToken: () => void this.#renewToken(),
      fail: (code) => this.#fail(code),
    })
    devices.onUse = (kind) => void this.#connection?.media?.refresh(kind)
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

  /** Title of the meeting; null until the TMMS has told. */
  get title(): string | null {
    return this.#membership.title
  }

  /** Who I am according to my own token; null before the keys exist. */
  get me(): StartReply | null {
    return this.#membership.me
  }

  /** Asks for the invitation ahead of joining, so that a refusal and the title are known at once. */
  async prepare(): Promise<void> {
    await this.#membership.prepare()
  }

  /** Joins. How it ends is seen in `life`. */
  async join(): Promise<void> {
    try {
      const grant = await this.#membership.takeGrant()
      this.#step = 'keys'
      await this.#membership.start(grant)
      this.#step = 'server'
      await this.#connect(grant.tcsOrigin)
    } catch (error) {
      this.#fail(codeOf(error))
    }
  }

  /** Leaves for good; the others are told. Idempotent. */
  async leave(): Promise<void> {
    if (this.#end.signal.aborted || this.#life === 'left') return
    this.#life = 'left'
    // BYE goes through the connection, so the keys are closed before it.
    await within(GOODBYE_MS, this.#e2ee.call('close', {}))
    if (this.#connection !== null) await within(GOODBYE_MS, this.#connection.leave())
    this.close()
  }

  /** Ends everything at once. Idempotent. */
  close(): void {
    if (this.#end.signal.aborted) return
    this.#end.abort()
    if (this.#life !== 'failed') this.#life = 'left'
    document.removeEventListener('visibilitychange', this.#onVisibility)
    globalThis.removeEventListener('pagehide', this.#onPageHide)
    this.#cut()
    this.#e2ee.terminate()
    this.features.close()
    this.peers.close()
  }

  maySend(source: SentSource): boolean {
    return !this.#sendingStopped && (this.me?.prm.includes(source) ?? false)
  }

  /** A tile is visible with this height, or is not (0). @param lines device pixels */
  show(consumerId: string, lines: number): void {
    this.#connection?.media?.downlink?.show(consumerId, lines)
  }

  diagnose(): Promise<Diagnostics> {
    return diagnose(this.#life, this.#e2ee, this.#connection?.media ?? null)
  }

  keyAge(): Promise<KeyAge> {
    return this.#membership.keyAge()
  }

  #started(me: StartReply): void {
    this.peers.self(me)
    this.peers.verified([])
    this.features.forget()
    this.#publishing.forget()
  }

  async #connect(origin: string): Promise<void> {
    const connection = await Connection.open({
      origin,
      e2ee: this.#e2ee,
      keyring: this.#keyring,
      peers: this.peers,
      publishing: this.#publishing,
      outgoing: this.#outgoing,
      diagnose: () => this.diagnose(),
      onCut: (code) => this.#onCut(code),
      onProblem: (code) => this.notices.add(code, null),
      onLeak: () => {
        this.#sendingStopped = true
        this.notices.add('clear-media', null)
      },
    })
    if (this.#end.signal.aborted) {
      connection.close()
      return
    }
    this.#connection = connection
    this.#step = 'media'
    await connection.enter()
    if (this.#connection !== connection) throw new CallError('disconnected')
    this.#life = 'joined'
    // Pictures and voices come and go by themselves from here on; the person is in.
    void connection.media?.build()
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

  #onCut(code: TcsCode | 'disconnected' | 'E_TCS'): void {
    const wasIn = this.#life === 'joined'
    this.#cut()
    if (isFinal(code)) this.#fail(code)
    else if (wasIn) {
      this.#life = 'reconnecting'
      void this.#comeBack()
    }
  }

  /** Waits for the server as long as the person does: the worker and its keys stay alive. */
  async #comeBack(): Promise<void> {
    for (let attempt = 0; this.#life === 'reconnecting'; attempt++) {
      await pause(backoffMs(attempt, Math.random()), this.#end.signal)
      if (this.#end.signal.aborted) return
      try {
        await this.#connect((await this.#membership.comeBack()).tcsOrigin)
      } catch (error) {
        this.#cut()
        if (endsReconnecting(codeOf(error))) this.#fail(codeOf(error))
      }
    }
  }

  /** Everything that belongs to one connection ends; worker, keys and devices stay. */
  #cut(): void {
    this.#connection?.close()
    this.#connection = null
  }

  #fail(code: string): void {
    if (this.#end.signal.aborted) return
    this.#failure = code
    this.#life = 'failed'
    this.close()
  }

  readonly #onVisibility = (): void => {
    this.#connection?.media?.pageVisible(!document.hidden)
  }

  /** Whoever closes the tab has left; waiting 15 s for them would help nobody. */
  readonly #onPageHide = (): void => {
    void this.#connection?.leave().catch(() => undefined)
    this.close()
  }
}
