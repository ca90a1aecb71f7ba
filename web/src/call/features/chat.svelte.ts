/** The chat of one meeting: held in the page's memory, gone with it. */
import type { WorkerEvent } from '@huisclos/e2ee-worker/events'
import type { Feature, FeatureContext, Handles } from './feature.ts'

type ChatEvent = Extract<WorkerEvent, { type: 'chat' }>

export interface ChatMessage {
  readonly id: number
  readonly from: string
  /** As its writer is called now; two people of one name are told apart. */
  readonly name: string
  readonly own: boolean
  readonly text: string
  readonly timeMs: number
}

/** Code points, as the worker counts them. */
export const CHAT_LIMIT = 4000
const MOST_KEPT = 2000

export class Chat implements Feature {
  readonly handles = { chat: (event) => this.#receive(event) } satisfies Handles
  readonly #e2ee: FeatureContext['e2ee']
  readonly #peers: FeatureContext['peers']
  #messages = $state.raw<readonly ChatMessage[]>([])
  readonly #named = $derived(
    this.#messages.map((message) => ({
      ...message,
      name: this.#peers.nameOf(message.from) ?? message.name,
    })),
  )
  #unread = $state(0)
  #open = false
  #nextId = 1

  constructor({ e2ee, peers }: FeatureContext) {
    this.#e2ee = e2ee
    this.#peers = peers
  }

  get messages(): readonly ChatMessage[] {
    return this.#named
  }

  /** Messages of others since the chat was last looked at. */
  get unread(): number {
    return this.#unread
  }

  /** Whether the person is looking at the chat. */
  show(open: boolean): void {
    this.#open = open
    if (open) this.#unread = 0
  }

  /** @throws E2eeError when it could not be sealed and sent: then nobody has it. */
  async send(text: string): Promise<void> {
    await this.#e2ee.call('chat', { text })
  }

  #receive({ from, name, own, text, timeMs }: ChatEvent): void {
    const message = { id: this.#nextId++, from, name, own, text, timeMs }
    this.#messages = [...this.#messages, message].slice(-MOST_KEPT)
    if (!own && !this.#open) this.#unread++
  }
}
