/** Takes what the TCS relayed: HELLOs admit members, envelopes are opened and handed to what they are for. */
import { E2eeError, codeOf } from '../../errors.ts'
import { MSG_BROADCAST } from '../../messages/broadcast.ts'
import { MSG_ENVELOPE, decodeEnvelope, type Envelope } from '../../messages/envelope.ts'
import { MSG_HELLO, type VerifiedHello } from '../../messages/hello.ts'
import { NO_KEY, decodeControl } from '../../messages/control.ts'
import type { KeptOutReason } from '../../events.ts'
import type { Broadcasts } from './broadcasts.ts'
import { BackOff } from '../../clock.ts'
import { handleControl } from './control-handlers.ts'
import { FloodGate } from './flood.ts'
import type { OpenedEnvelope, Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

const MAX_SIGNAL_BYTES = 65_536
const AUTH_FAILURES = 3
const AUTH_WINDOW_MS = 10_000
const RENEWAL_MS = 30_000
const MAX_RENEWAL_MS = 8 * 60_000

export class Inbox {
  readonly #context: SessionContext
  readonly #broadcasts: Broadcasts
  readonly #flood = new FloodGate()
  #authFailures: number[] = []
  /** Whoever sends us rubbish must not have us say HELLO to everybody again and again. */
  readonly #renewal = new BackOff(RENEWAL_MS, MAX_RENEWAL_MS)

  constructor(context: SessionContext, broadcasts: Broadcasts) {
    this.#context = context
    this.#broadcasts = broadcasts
  }

  /** Never throws: what is refused is warned of and forgotten. */
  receive(from: string, bytes: Uint8Array): void {
    const context = this.#context
    const verdict = this.#flood.message(from, context.clock.now())
    if (verdict === 'ignore-and-warn') context.warn('E_STATE', from)
    if (verdict !== 'listen') return
    context.run(async () => {
      try {
        await this.#receive(from, bytes)
      } catch (error) {
        const code = codeOf(error)
        context.warn(code, from)
        // With our next token the page finds out that the keys are others now.
        if (code === 'E_TOKEN_KEY') this.#askToken()
      }
    })
  }

  async #receive(from: string, bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength > MAX_SIGNAL_BYTES) throw new E2eeError('E_LEN')
    if (bytes[0] === MSG_HELLO) await this.#hello(from, bytes)
    else if (bytes[0] === MSG_ENVELOPE) await this.#envelope(from, bytes)
    else if (bytes[0] === MSG_BROADCAST) await this.#broadcasts.receive(from, bytes)
    else throw new E2eeError('E_VERSION')
  }

  async #hello(from: string, bytes: Uint8Array): Promise<void> {
    const context = this.#context
    const admission = await context.members.admit(bytes, from, {
      ...context.opening.helloRules(),
      refusalOf: (hello) => context.moderation.refusalOf(hello),
    })
    if (admission.kind === 'new') {
      if (admission.replaces) await context.remove([admission.replaces], false)
      await context.deviceTrust.admitted(admission.member)
      context.memberAdmitted(admission.member)
      await this.#welcome(admission.member)
    } else if (admission.kind === 'kept-out') {
      this.#refuse(admission.hello, admission.reason)
    } else if (admission.kind === 'renewed') {
      await this.#remind(admission.member)
    } else if (admission.kind === 'repeated') {
      const { member } = admission
      await this.#remind(member)
      if (!member.answerHello.pass(context.clock.now())) return
      context.greeting.repeat(member.memberId)
      // It repeats itself because nothing of ours opened yet: this does.
      await context.requestKey(member)
    }
  }

  #refuse(hello: VerifiedHello, reason: KeptOutReason): void {
    this.#context.moderation.refuse(hello, reason)
    this.#context.greeting.forget(hello.memberId)
  }

  /**
   * A HELLO comes after every cut. What moderators decided meanwhile reached everybody else, and nobody keeps broadcasts;
   * one of them tells it, because a thousand members need not.
   */
  async #remind(member: Member): Promise<void> {
    const { clock, me, moderation } = this.#context
    const decisions = moderation.inForce()
    const { role } = me.credential.claims
    if (role !== 'moderator' || decisions.length === 0 || !member.handedOn.pass(clock.now())) return
    await this.#context.seal(member, { type: 'roster', members: [], decisions })
  }

  /** HELLO, then roster, then the sender key: what a newcomer needs, in the order in which it can use it. */
  async #welcome(member: Member): Promise<void> {
    const { greeting, me, members, moderation, rotation } = this.#context
    greeting.answer(member.memberId)
    const listed = [
      { memberId: me.memberId, helloHash: me.current.hash },
      ...members.all().map(({ memberId, hello }) => ({ memberId, helloHash: hello.hash })),
    ]
    const decisions = moderation.inForce()
    member.handedOn.pass(this.#context.clock.now())
    await this.#context.seal(member, { type: 'roster', members: listed, decisions })
    await moderation.admitted(member)
    if (member.returning) await this.#context.requestKey(member)
    await rotation.join(member)
  }

  async #envelope(from: string, bytes: Uint8Array): Promise<void> {
    const { members, me, greeting } = this.#context
    const envelope = decodeEnvelope(bytes)
    const forMe = envelope.to === me.memberId && envelope.from !== me.memberId
    if (!forMe || envelope.from !== from) throw new E2eeError('E_ENV_AUTH')
    const member = members.get(from)
    if (member === undefined) {
      greeting.expect(envelope.from)
      throw new E2eeError('E_STATE')
    }
    const { plaintext, missed, repeats } = await this.#open(member, envelope)
    if (missed > 0) {
      this.#context.warn('E_ENV_GAP', from)
      await this.#context.requestKey(member)
    }
    const message = decodeControl(plaintext)
    plaintext.fill(0)
    await handleControl(this.#context, member, message)
    // A sender key has been acknowledged just now, which says it as well.
    const mustAcknowledge = repeats && message.type !== 'sender-key'
    if (mustAcknowledge && members.get(from) === member) await this.#acknowledgePair(member)
  }

  async #acknowledgePair(member: Member): Promise<void> {
    const rosterDigest = await this.#context.members.digest()
    await this.#context.seal(member, { type: 'key-ack', ...NO_KEY, rosterDigest })
  }

  async #open(member: Member, envelope: Envelope): Promise<OpenedEnvelope> {
    try {
      return await member.open(envelope)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'E_ENV_AUTH') this.#countAuthFailure()
      if (code === 'E_EPOCH' && envelope.epochFrom > member.hello.epoch) this.#askHello(member)
      throw error
    }
  }

  /** It seals under keys of a HELLO that never came. Ours, which it knows already, has it send its own again. */
  #askHello(member: Member): void {
    const { clock, greeting } = this.#context
    if (member.askHello.pass(clock.now())) greeting.repeat(member.memberId)
  }

  /** Three in ten seconds: our ephemeral key may be out of step with somebody's, so a new HELLO is due. */
  #countAuthFailure(): void {
    const now = this.#context.clock.now()
    this.#authFailures = this.#authFailures.filter((at) => now - at < AUTH_WINDOW_MS)
    this.#authFailures.push(now)
    if (this.#authFailures.length >= AUTH_FAILURES) this.#askToken()
  }

  #askToken(): void {
    if (this.#renewal.pass(this.#context.clock.now())) this.#context.needToken()
  }
}
