/** Carries sealed key messages between the worker and the TCS, in order, and tells the worker who is there. */
import type { WorkerEvent } from '@huisclos/e2ee-worker/events'
import type { Notice } from '@huisclos/e2ee-worker/protocol'
import type { PeerId, Requests } from '@huisclos/sfu/protocol'
import type { Ask } from './signal.ts'

type Sealed = Pick<Extract<WorkerEvent, { type: 'send' }>, 'to' | 'bytes'>
type SealedForMany = Extract<WorkerEvent, { type: 'send-many' }>['messages']

type Outgoing =
  | { readonly type: 'e2ee-message'; readonly request: Requests['e2ee-message']['request'] }
  | { readonly type: 'e2ee-messages'; readonly request: Requests['e2ee-messages']['request'] }

/** More than this without a connection is not worth keeping: coming back makes new keys anyway. */
const LONGEST_QUEUE_BYTES = 4_000_000

export class Keyring {
  readonly #notice: (notice: Notice) => void
  #ask: Ask | null = null
  /** What the TCS told before the worker was told who is there. */
  #early: Notice[] = []
  #queue: Outgoing[] = []
  #queuedBytes = 0

  constructor(notice: (notice: Notice) => void) {
    this.#notice = notice
  }

  /** From the worker. While there is no connection messages wait, because envelopes are numbered per pair. */
  send({ to, bytes }: Sealed): void {
    this.#post({ type: 'e2ee-message', request: { to: to as string as PeerId | '*', bytes } })
  }

  /** The keys of a rotation go out in one request: one for each member would look like a flood in a large room. */
  sendMany(messages: SealedForMany): void {
    if (messages.length === 0) return
    this.#post({ type: 'e2ee-messages', request: joined(messages) })
  }

  /** The room has been entered: who is there, then what waited. */
  connected(ask: Ask, peers: readonly PeerId[]): void {
    this.#ask = ask
    this.#notice({ type: 'roster', memberIds: peers })
    for (const notice of this.#early.splice(0)) this.#notice(notice)
    const waiting = this.#queue
    this.#queue = []
    this.#queuedBytes = 0
    for (const outgoing of waiting) this.#post(outgoing)
  }

  cut(): void {
    if (this.#ask !== null) this.#notice({ type: 'cut' })
    this.#ask = null
    this.#early = []
  }

  receive(from: PeerId, bytes: Uint8Array): void {
    this.#tell({ type: 'signal', from, bytes })
  }

  joined(peerId: PeerId): void {
    this.#tell({ type: 'joined', memberId: peerId })
  }

  departed(peerId: PeerId, reason: 'left' | 'lost'): void {
    this.#tell({ type: 'departed', memberId: peerId, reason })
  }

  #tell(notice: Notice): void {
    if (this.#ask === null) this.#early.push(notice)
    else this.#notice(notice)
  }

  #post(outgoing: Outgoing): void {
    if (this.#ask === null) {
      this.#keep(outgoing)
      return
    }
    // The socket keeps the order; waiting for each answer would cost one round trip per member.
    this.#ask(outgoing.type, outgoing.request).catch(
      () => undefined, // A member that has just gone needs no key; anything else the protocol repairs.
    )
  }

  #keep(outgoing: Outgoing): void {
    this.#queue.push(outgoing)
    this.#queuedBytes += outgoing.request.bytes.length
    while (this.#queuedBytes > LONGEST_QUEUE_BYTES)
      this.#queuedBytes -= this.#queue.shift()?.request.bytes.length ?? 0
  }
}

function joined(messages: SealedForMany): Requests['e2ee-messages']['request'] {
  const lengths = messages.map(({ bytes }) => bytes.length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let offset = 0
  for (const message of messages) {
    bytes.set(message.bytes, offset)
    offset += message.bytes.length
  }
  return { to: messages.map(({ to }) => to as string as PeerId), lengths, bytes }
}
