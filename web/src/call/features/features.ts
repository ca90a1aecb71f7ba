/** What the people of a meeting do besides seeing and hearing each other: write, verify, compare codes, moderate. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Calls, WorkerEvent } from '@huisclos/e2ee-worker/protocol'
import { Chat } from './chat.svelte.ts'
import { MeetingCode } from './meeting-code.svelte.ts'
import { Moderation } from './moderation.svelte.ts'
import type { Notices } from '../outcome/notices.svelte.ts'
import type { Peers } from '../people/peers.svelte.ts'

export interface AssemblyOptions {
  readonly e2ee: Pick<E2eeClient, 'call'>
  readonly peers: Peers
  readonly notices: Notices
  readonly exclude: (sub: string) => Promise<void>
}

export type KeyAge = Pick<Calls['stats']['reply'], 'generation' | 'step' | 'keyAgeMs'>
export type SafetyNumber = Calls['safety-number']['reply']

type Handlers = {
  readonly [T in 'chat' | 'code' | 'lock' | 'kept-out' | 'media-delay' | 'media-authenticity']: (
    event: Extract<WorkerEvent, { type: T }>,
  ) => void
}

export class Assembly {
  readonly chat: Chat
  readonly code: MeetingCode
  readonly moderation: Moderation
  readonly #options: AssemblyOptions

  constructor(options: AssemblyOptions) {
    const { e2ee, peers } = options
    this.#options = options
    this.chat = new Chat(e2ee, ({ from, name }) => peers.nameOf(from) ?? name)
    this.code = new MeetingCode(e2ee)
    this.moderation = new Moderation(options)
  }

  /** @throws E2eeError E_STATE when the member is not there any longer. */
  safetyNumber(memberId: string): Promise<SafetyNumber> {
    return this.#options.e2ee.call('safety-number', { memberId })
  }

  /** @throws E2eeError */
  async verify(memberId: string, verified: boolean): Promise<void> {
    await this.#options.e2ee.call('verify-member', { memberId, verified })
  }

  /** Lets in the other device of a verified person. @throws E2eeError */
  async acceptDevice(memberId: string): Promise<void> {
    await this.#options.e2ee.call('accept-device', { memberId })
  }

  /** Since when our own key is in use. @throws E2eeError */
  async keyAge(): Promise<KeyAge> {
    const { generation, step, keyAgeMs } = await this.#options.e2ee.call('stats', {})
    return { generation, step, keyAgeMs }
  }

  /** The session is a new one: what the former one told does not hold for it. */
  forget(): void {
    this.code.forget()
    this.moderation.forget()
  }

  readonly hears = {
    chat: (event) => this.chat.hear(event),
    code: ({ run }) => this.code.hear(run),
    lock: (event) => this.moderation.locked(event),
    'kept-out': (event) => this.moderation.keptOut(event),
    'media-delay': ({ consumerId, delayed }) =>
      this.#options.peers.opening(consumerId, { delayed }),
    'media-authenticity': ({ consumerId, state }) =>
      this.#options.peers.opening(consumerId, { authenticity: state }),
  } satisfies Handlers
}
