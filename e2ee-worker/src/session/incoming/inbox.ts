/** Takes what the TCS relayed: HELLOs admit members, envelopes are opened and handed to what they are for. */
import { E2eeError, codeOf } from '../../errors.ts'
import { MSG_BROADCAST } from '../../messages/broadcast.ts'
import { MSG_ENVELOPE, decodeEnvelope, type Envelope } from '../../messages/envelope.ts'
import { MSG_HELLO, type VerifiedHello } from '../../messages/hello.ts'
import { NO_KEY, decodeControl } from '../../messages/control.ts'
import type { KeptOutReason } from '../../protocol.ts'
import type { Broadcasts } from './broadcasts.ts'
import { BackOff } from '../../clock.ts'
import { handleControl } from './control-handlers.ts'
import { FloodGate } from './flood.ts'
import type { OpenedEnvelope, Peer } from '../members/member.ts'
import type { Room } from '../context.ts'

const MAX_SIGNAL_BYTES = 65_536
const AUTH_FAILURES = 3
const AUTH_WINDOW_MS = 10_000
const RENEWAL_MS = 30_000
const MAX_RENEWAL_MS = 8 * 60_000

export class Inbox {
  readonly #room: Room
  readonly #broadcasts: Broadcasts
  readonly #flood = new FloodGate()
  #authFailures: number[] = []
  /** Whoever sends us rubbish must not have us say HELLO to everybody again and again. */
  readonly #renewal = new BackOff(RENEWAL_MS, MAX_RENEWAL_MS)

  constructor(room: Room, broadcasts: Broadcasts) {
    this.#room = room
    this.#broadcasts = broadcasts
  }

  /** Never throws: what is refused is warned of and forgotten. */
  signal(from: string, bytes: Uint8Array): void {
    const room = this.#room
    const verdict = this.#flood.message(from, room.clock.now())
    if (verdict === 'ignore-and-warn') room.warn('E_STATE', from)
    if (verdict !== 'listen') return
    room.run(async () => {
      try {
        await this.#receive(from, bytes)
      } catch (error) {
        room.warn(codeOf(error), from)
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
    const room = this.#room
    const admission = await room.members.admit(bytes, from, {
      ...room.opening.helloRules(),
      bars: (hello) => room.moderation.bars(hello),
    })
    if (admission.kind === 'new') {
      if (admission.replaces) await room.remove([admission.replaces], false)
      await room.people.meet(admission.peer)
      await this.#welcome(admission.peer)
    } else if (admission.kind === 'kept-out') {
      this.#keepOut(admission.hello, admission.reason)
    } else if (admission.kind === 'renewed') {
      await this.#remind(admission.peer)
    } else if (admission.kind === 'repeated') {
      const { peer } = admission
      await this.#remind(peer)
      if (!peer.answerHello.pass(room.clock.now())) return
      room.greeting.again(peer.memberId)
      // It repeats itself because nothing of ours opened yet: this does.
      await room.requestKey(peer)
    }
  }

  #keepOut(hello: VerifiedHello, reason: KeptOutReason): void {
    this.#room.moderation.keepOut(hello, reason)
    this.#room.greeting.forget(hello.memberId)
  }

  /**
   * A HELLO comes after every cut. What moderators decided meanwhile reached everybody else, and nobody keeps broadcasts;
   * one of them tells it, because a thousand members need not.
   */
  async #remind(peer: Peer): Promise<void> {
    const { clock, me, moderation } = this.#room
    const decisions = moderation.carried()
    const { role } = me.credential.claims
    if (role !== 'moderator' || decisions.length === 0 || !peer.handedOn.pass(clock.now())) return
    await this.#room.seal(peer, { type: 'roster', members: [], decisions })
  }

  /** HELLO, then roster, then the sender key: what a newcomer needs, in the order in which it can use it. */
  async #welcome(peer: Peer): Promise<void> {
    const { greeting, me, members, moderation, rotation } = this.#room
    greeting.met(peer.memberId)
    const listed = [
      { memberId: me.memberId, helloHash: me.current.hash },
      ...members.all().map(({ memberId, hello }) => ({ memberId, helloHash: hello.hash })),
    ]
    const decisions = moderation.carried()
    peer.handedOn.pass(this.#room.clock.now())
    await this.#room.seal(peer, { type: 'roster', members: listed, decisions })
    await moderation.admitted(peer)
    if (peer.returning) await this.#room.requestKey(peer)
    await rotation.join(peer)
  }

  async #envelope(from: string, bytes: Uint8Array): Promise<void> {
    const { members, me, greeting } = this.#room
    const envelope = decodeEnvelope(bytes)
    const forMe = envelope.to === me.memberId && envelope.from !== me.memberId
    if (!forMe || envelope.from !== from) throw new E2eeError('E_ENV_AUTH')
    const peer = members.get(from)
    if (peer === undefined) {
      greeting.expect(envelope.from)
      throw new E2eeError('E_STATE')
    }
    const { plaintext, missed, repeats } = await this.#open(peer, envelope)
    if (missed > 0) {
      this.#room.warn('E_ENV_GAP', from)
      await this.#room.requestKey(peer)
    }
    const message = decodeControl(plaintext)
    plaintext.fill(0)
    await handleControl(this.#room, peer, message)
    // A sender key has been acknowledged just now, which says it as well.
    const mustBeTold = repeats && message.type !== 'sender-key'
    if (mustBeTold && members.get(from) === peer) await this.#acknowledgePair(peer)
  }

  async #acknowledgePair(peer: Peer): Promise<void> {
    const rosterDigest = await this.#room.members.digest()
    await this.#room.seal(peer, { type: 'key-ack', ...NO_KEY, rosterDigest })
  }

  async #open(peer: Peer, envelope: Envelope): Promise<OpenedEnvelope> {
    try {
      return await peer.open(envelope)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'E_ENV_AUTH') this.#countAuthFailure()
      if (code === 'E_EPOCH' && envelope.epochFrom > peer.hello.epoch) this.#askHello(peer)
      throw error
    }
  }

  /** It seals under keys of a HELLO that never came. Ours, which it knows already, has it send its own again. */
  #askHello(peer: Peer): void {
    const { clock, greeting } = this.#room
    if (peer.askHello.pass(clock.now())) greeting.again(peer.memberId)
  }

  /** Three in ten seconds: our ephemeral key may be out of step with somebody's, so a new HELLO is due. */
  #countAuthFailure(): void {
    const now = this.#room.clock.now()
    this.#authFailures = this.#authFailures.filter((at) => now - at < AUTH_WINDOW_MS)
    this.#authFailures.push(now)
    if (this.#authFailures.length >= AUTH_FAILURES && this.#renewal.pass(now))
      this.#room.needToken()
  }
}
