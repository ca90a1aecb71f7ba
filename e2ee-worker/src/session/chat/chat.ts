/**
 * Chat: text for everybody, sealed under our sender key and signed. Nothing is stored, here or anywhere.
 *
 * Whoever joined later holds no key for what was said before; whoever left gets none for what is said after.
 */
import { E2eeError, codeOf } from '../../errors.ts'
import { decodeChat, encodeChat, requireText, type ChatText } from '../../messages/chat-text.ts'
import { DATA } from '../../keys/frame-metadata.ts'
import type { Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'
import { HeldChat } from './held-chat.ts'
import type { Member } from '../members/member.ts'
import { SerialQueue } from '../../queue.ts'
import type { SessionContext } from '../context.ts'
import type { Feature, Handlers } from '../feature.ts'

const MAX_SENT = 10
const SENT_WITHIN_MS = 1000
const NO_PREFIX: Bytes = new Uint8Array(0)

type Context = Pick<
  SessionContext,
  'clock' | 'me' | 'members' | 'opening' | 'rotation' | 'sender' | 'untilKeyed'
> &
  Pick<SessionContext, 'run' | 'decide' | 'broadcast' | 'requestKey' | 'emit' | 'warn'>

export class Chat implements Feature {
  readonly handlers: Handlers = {
    // The text, or its loss, becomes known when its key does: at once, or within ten seconds.
    chat: async (member, { sealed }) => {
      if (this.#mayHear(member)) await this.#held.add(member, sealed)
    },
  }
  readonly #context: Context
  /** Keeps what we write in the order in which we wrote it, whatever the first key takes. */
  readonly #outgoing = new SerialQueue()
  readonly #held: HeldChat
  #sentAt: number[] = []

  constructor(context: Context) {
    this.#context = context
    this.#held = new HeldChat(context, (member, sealed) => this.#open(member, sealed))
  }

  /** @throws E2eeError E_LEN for text that may not be sent, E_STATE above ten messages in a second, E_NO_KEY, E_POLICY. */
  async send(text: string): Promise<void> {
    requireText(text)
    this.#requireAllowed()
    this.#requireCalm()
    await this.#outgoing.run(() => this.#sendOnceKeyed(text))
  }

  /** A new key of this member was accepted. */
  keysArrived(memberId: MemberId): void {
    this.#context.run(() => this.#held.open(memberId))
  }

  close(): void {
    this.#held.close()
  }

  async #sendOnceKeyed(text: string): Promise<void> {
    const { rotation } = this.#context
    // Resolves once we have a key that everybody was given, or the session ended.
    await this.#context.untilKeyed((done) => rotation.ready(done))
    const attempt = { ready: false }
    await this.#context.decide(async () => {
      // Somebody may have been put out since the key was ready; the next one then shuts that person out.
      attempt.ready = rotation.isReady
      if (attempt.ready) await this.#sealAndSend(text)
    })
    if (!attempt.ready) await this.#sendOnceKeyed(text)
  }

  async #sealAndSend(text: string): Promise<void> {
    // A newer token may have come while the key was made.
    this.#requireAllowed()
    const { me, opening } = this.#context
    const said = { text, timeMs: opening.time.now() }
    const sealed = await this.#context.sender.seal(DATA, NO_PREFIX, encodeChat(said).buffer)
    await this.#context.broadcast({ type: 'chat', sealed })
    this.#show(me.memberId, me.credential.claims.name, said)
  }

  /** False when its key is missing. Everything else that speaks against it is warned of, and it is gone. */
  async #open(member: Member, sealed: Bytes): Promise<boolean> {
    const { memberId, hello, keys } = member
    // Somebody whose device changed is not heard until that is accepted.
    if (member.blocked || !this.#mayHear(member)) return true
    try {
      const plaintext = await keys.open(sealed, 'data', NO_PREFIX)
      this.#show(memberId, hello.claims.name, decodeChat(plaintext))
    } catch (error) {
      const code = codeOf(error)
      if (code === 'E_NO_KEY') return false
      this.#context.warn(code, memberId)
    }
    return true
  }

  #show(from: MemberId, name: string, said: ChatText): void {
    const own = from === this.#context.me.memberId
    this.#context.emit({ type: 'chat', from, name, own, ...said })
  }

  /** Both tokens must allow it: the sender's may be out of date, and its page or the TCS may lie. */
  #mayHear({ memberId, hello }: Member): boolean {
    const both = [this.#context.me.credential.claims, hello.claims]
    const allowed = both.every(({ policy }) => policy.messages)
    if (!allowed) this.#context.warn('E_POLICY', memberId)
    return allowed
  }

  #requireAllowed(): void {
    const { claims } = this.#context.me.credential
    if (!claims.policy.messages) throw new E2eeError('E_POLICY')
  }

  #requireCalm(): void {
    const now = this.#context.clock.now()
    this.#sentAt = this.#sentAt.filter((at) => now - at < SENT_WITHIN_MS)
    if (this.#sentAt.length >= MAX_SENT) throw new E2eeError('E_STATE')
    this.#sentAt.push(now)
  }
}
