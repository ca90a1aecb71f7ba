/** What each kind of sealed message does: one entry per type, called with the member it verifiably came from. */
import { E2eeError } from '../../errors.ts'
import { NO_KEY, type Control, type ControlType } from '../../messages/control.ts'
import { permits } from '../../trust/token.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

type Handlers = {
  readonly [T in ControlType]: (
    context: SessionContext,
    member: Member,
    message: Extract<Control, { type: T }>,
  ) => void | Promise<void>
}

export async function handleControl(
  context: SessionContext,
  member: Member,
  message: Control,
): Promise<void> {
  const handle = HANDLERS[message.type] as (
    context: SessionContext,
    member: Member,
    message: Control,
  ) => void | Promise<void>
  await handle(context, member, message)
}

const HANDLERS: Handlers = {
  'sender-key': async (context, member, { gen, step, baseKey, ackWanted, ...message }) => {
    context.roster.receive(member.memberId, message.rosterDigest)
    member.askKey.reset()
    // The token says what a member may send; a stream beyond it is refused whatever the TCS allowed.
    const { claims } = member.hello
    const streams = message.streams.filter((stream) => permits(claims, stream))
    if (streams.length < message.streams.length) context.warn('E_STREAM', member.memberId)
    const shown = streams.filter((stream) => stream.kind !== 'data')
    try {
      member.keys.accept({ gen, step, baseKey, streams })
      member.streams = shown
      context.keysArrived(member.memberId)
    } catch (error) {
      // The very key we hold, sent again because our acknowledgement was lost: acknowledge it again.
      const newest = member.keys.newest()
      const again = newest?.gen === gen && newest.step === step
      if (!(error instanceof E2eeError) || error.code !== 'E_KEY_ROLLBACK') throw error
      // An older key: its sender answered late, or sent it again before it knew better. Nobody else can have sent it,
      // because an envelope opens once, so it is dropped without a word.
      if (!again) return
      // A frame or a presence that was quicker had us derive it; the streams it names are still news.
      if (member.keys.describe({ gen, step, baseKey, streams })) {
        member.streams = shown
        context.keysArrived(member.memberId)
      }
    } finally {
      baseKey.fill(0)
    }
    if (!ackWanted || !member.ackKey.pass(context.clock.now())) return
    const rosterDigest = await context.members.digest()
    await context.seal(member, { type: 'key-ack', gen, step, rosterDigest })
  },
  'key-ack': async (context, member, { gen, step, rosterDigest }) => {
    context.roster.receive(member.memberId, rosterDigest)
    if (gen === NO_KEY.gen && step === NO_KEY.step) {
      member.pairAcknowledged()
      return
    }
    member.acknowledged(gen, step)
    await context.rotation.acknowledged(member, gen, step)
  },
  'key-req': async (context, member) => {
    if (member.answerKey.pass(context.clock.now())) await context.rotation.resend(member)
  },
  roster: async (context, member, { members, decisions }) => {
    context.greeting.rosterReceived()
    const known = members.map(({ memberId }) => memberId)
    await context.moderation.receiveHandedOn(member, decisions, known)
  },
  bye: (context, member) => context.remove([member], false),
}
