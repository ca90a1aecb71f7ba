/** The chat of one meeting: held in the page's memory, gone with it. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { WorkerEvent } from '@huisclos/e2ee-worker/protocol'

type ChatEvent = Extract<WorkerEvent, { type: 'chat' }>

export interface ChatMessage {
  readonly id: number
  readonly from: string
  /** As it was when the message was written; two people of one name are told apart. */
  readonly name: string
  readonly own: boolean
  readonly text: string
  readonly timeMs: number
}

/** Code points, as the worker counts them. */
export const CHAT_LIMIT = 4000
const MOST_KEPT = 2000

export class Chat {
  readonly #e2ee: Pick<E2eeClient, 'call'>
  readonly #label: (event: ChatEvent) => string
  #messages = $state.raw<readonly ChatMessage[]>([])
  #unread = $state(0)
  #open = false
  #nextId = 1

  constructor(e2ee: Pick<E2eeClient, 'call'>, label: (event: ChatEvent) => string) {
    this.#e2ee = e2ee
    this.#label = label
  }

  get messages(): readonly ChatMessage[] {
    return this.#messages
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

  hear(event: ChatEvent): void {
    const { from, own, text, timeMs } = event
    const message = { id: this.#nextId++, from, name: this.#label(event), own, text, timeMs }
    this.#messages = [...this.#messages, message].slice(-MOST_KEPT)
    if (!own && !this.#open) this.#unread++
  }
}
