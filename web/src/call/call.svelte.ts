/** The Call: owns the worker with its keys, the connection to the TCS and the people of one meeting, and their end. */
import { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { StartReply, WorkerEvent } from '@huisclos/e2ee-worker/protocol'
import type { TcsCode } from '@huisclos/sfu/protocol'
import { Assembly } from './features/features.ts'
import { backoffMs, pause, within } from './signalling/backoff.ts'
import { Connection } from './connection.ts'
import type { Devices } from './devices/devices.svelte.ts'
import { diagnose, type Diagnostics } from './health/diagnostics.ts'
import { CallError, codeOf } from './outcome/errors.ts'
import { Invitation, type Grant, type InvitationOptions } from './join-grant.ts'
import { Keyring } from './signalling/key-messages.ts'
import { Notices } from './outcome/notices.svelte.ts'
import { Peers } from './people/peers.svelte.ts'
import { Publishing } from './media/publishing.ts'
import { endsReconnecting, isFinal } from './outcome/table.ts'
import type { SentSource } from './media/uplink.ts'

export type Life = 'joining' | 'joined' | 'reconnecting' | 'left' | 'failed'
/** What joining is busy with, shown step by step. */
export type Step = 'invitation' | 'keys' | 'server' | 'media'

export interface CallOptions extends Omit<InvitationOptions, 'e2ee'> {
  readonly mid: string
  readonly pin: string | null
  readonly linkSecret: string | null
  readonly tmmsOrigin: string
  readonly fetchKeySet: () => Promise<string>
  readonly devices: Devices
  /** Tells the TMMS that a moderator put this account out of the meeting. */
  readonly exclude: (sub: string) => Promise<void>
}

type WorkerHandlers = {
  readonly [T in WorkerEvent['type']]: (event: Extract<WorkerEvent, { type: T }>) => void
}

/** Leaving must not wait for a server that has gone. */
const GOODBYE_MS = 1_000

export class Call {
  readonly peers = new Peers()
  readonly notices = new Notices()
  readonly assembly: Assembly
  readonly #options: CallOptions
  readonly #e2ee: E2eeClient
  readonly #keyring: Keyring
  readonly #invitation: Invitation
  readonly #publishing: Publishing
  readonly #end = new AbortController()
  #life = $state<Life>('joining')
  #step = $state<Step>('invitation')
  #failure = $state<string | null>(null)
  #title = $state<string | null>(null)
  #me = $state.raw<StartReply | null>(null)
  #sendingStopped = $state(false)
  #connection: Connection | null = null

  /** @throws CallError `unsupported-browser`. */
  constructor(options: CallOptions) {
    if (!E2eeClient.supported()) throw new CallError('unsupported-browser')
    this.#options = options
    this.#e2ee = new E2eeClient((event) => this.#hear(event))
    const { peers, notices } = this
    const { exclude } = options
    this.assembly = new Assembly({ e2ee: this.#e2ee, peers, notices, exclude })
    this.#invitation = new Invitation({ ...options, e2ee: this.#e2ee })
    this.#publishing = new Publishing(this.#e2ee)
    this.#keyring = new Keyring((notice) => this.#e2ee.notice(notice))
    options.devices.onUse = (kind) => void this.#sendDevice(kind)
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
    return this.#title
  }

  /** Who I am according to my own token; null before the keys exist. */
  get me(): StartReply | null {
    return this.#me
  }

  /** Asks for the invitation ahead of joining, so that a refusal and the title are known at once. */
  async prepare(): Promise<void> {
    this.#title = (await this.#invitation.prepare()).title
  }

  /** Joins. How it ends is seen in `life`. */
  async join(): Promise<void> {
    try {
      const grant = await this.#invitation.take()
      this.#title = grant.title
      this.#step = 'keys'
      await this.#start(grant)
      this.#step = 'server'
      await this.#connect(grant)
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
    this.peers.close()
  }

  maySend(source: SentSource): boolean {
    return !this.#sendingStopped && (this.#me?.prm.includes(source) ?? false)
  }

  /** A tile is visible with this height, or is not (0). @param lines device pixels */
  show(consumerId: string, lines: number): void {
    this.#connection?.media?.downlink?.show(consumerId, lines)
  }

  diagnose(): Promise<Diagnostics> {
    return diagnose(this.#life, this.#e2ee, this.#connection?.media ?? null)
  }

  async #start({ token }: Grant): Promise<void> {
    const { mid, pin, linkSecret, tmmsOrigin, fetchKeySet } = this.#options
    const keySet = await fetchKeySet()
    this.#me = await this.#e2ee.call('start', { tmmsOrigin, mid, token, keySet, pin, linkSecret })
    this.peers.self(this.#me)
    this.peers.verified([])
    this.assembly.forget()
    this.#publishing.forget()
  }

  async #connect(grant: Grant): Promise<void> {
    const connection = await Connection.open({
      origin: grant.tcsOrigin,
      e2ee: this.#e2ee,
      keyring: this.#keyring,
      peers: this.peers,
      publishing: this.#publishing,
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
    for (const source of ['audio', 'video'] as const) void this.#sendDevice(source)
    // Pictures and voices come and go by themselves from here on; the person is in.
    void connection.media?.build()
  }

  /** Sends the camera or the microphone as it is now: called whenever it was turned on, off or changed. */
  async #sendDevice(source: SentSource): Promise<void> {
    const { camera, microphone } = this.#options.devices
    const device = source === 'audio' ? microphone : camera
    if (this.maySend(source)) await this.#connection?.media?.send(source, device.track, device.on)
  }

  #hear(event: WorkerEvent): void {
    const table: WorkerHandlers = { ...this.assembly.hears, ...this.#hears }
    const hear = table[event.type] as (event: WorkerEvent) => void
    hear(event)
  }

  readonly #hears = {
    send: (event) => this.#keyring.send(event),
    'send-many': ({ messages }) => this.#keyring.sendMany(messages),
    members: ({ members }) => {
      this.peers.verified(members)
      this.notices.admitted(members.map(({ memberId }) => memberId))
    },
    'media-state': ({ consumerId, state, code }) => this.peers.opening(consumerId, { state, code }),
    'key-frame-wanted': ({ streamIdx }) =>
      void this.#connection?.media?.uplink?.wantKeyFrame(streamIdx),
    'need-token': () => void this.#renewToken(),
    'roster-differs': ({ memberIds }) => this.notices.keep('E_ROSTER', memberIds),
    removed: (event) => {
      if (event.memberId === this.#me?.memberId) this.#fail('removed')
      else this.assembly.moderation.removed(event)
    },
    warning: ({ code, memberId }) => {
      // The worker itself has died, and with it every key.
      if (code === 'E_INTERNAL' && memberId === null) this.#fail(code)
      else this.notices.refused(code, memberId)
    },
  } satisfies Partial<WorkerHandlers>

  /** The worker asks again when this one failed. */
  async #renewToken(): Promise<void> {
    try {
      const { token } = await this.#invitation.fetch()
      await this.#e2ee.call('new-token', { token })
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
        const grant = await this.#invitation.fetch()
        await this.#renewSession(grant)
        await this.#connect(grant)
      } catch (error) {
        this.#cut()
        if (endsReconnecting(codeOf(error))) this.#fail(codeOf(error))
      }
    }
  }

  async #renewSession(grant: Grant): Promise<void> {
    try {
      await this.#e2ee.call('new-token', { token: grant.token })
    } catch (error) {
      // A server without memory of our session has made a new one; then so do we.
      if (codeOf(error) !== 'E_TOKEN_MEETING' && codeOf(error) !== 'E_STATE') throw error
      await this.#e2ee.call('close', {})
      const before = this.#me?.sub
      await this.#start(grant)
      // Somebody else signed in in this browser meanwhile: nobody goes on under another name unawares.
      if (this.#me?.sub !== before) throw new CallError('E_TOKEN_MEETING')
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
