/** What each kind of sealed message does: one entry per type, called with the member it verifiably came from. */
import { E2eeError } from '../../errors.ts'
import { NO_KEY, type Control, type ControlType } from '../../messages/control.ts'
import { permits } from '../../trust/token.ts'
import type { Peer } from '../members/member.ts'
import type { Room } from '../context.ts'

type Handlers = {
  readonly [T in ControlType]: (
    room: Room,
    peer: Peer,
    message: Extract<Control, { type: T }>,
  ) => void | Promise<void>
}

export async function handleControl(room: Room, peer: Peer, message: Control): Promise<void> {
  const handle = HANDLERS[message.type] as (
    room: Room,
    peer: Peer,
    message: Control,
  ) => void | Promise<void>
  await handle(room, peer, message)
}

const HANDLERS: Handlers = {
  'sender-key': async (room, peer, { gen, step, baseKey, ackWanted, ...message }) => {
    room.roster.heard(peer.memberId, message.rosterDigest)
    peer.askKey.reset()
    // The token says what a member may send; a stream beyond it is refused whatever the TCS allowed.
    const { claims } = peer.hello
    const streams = message.streams.filter((stream) => permits(claims, stream))
    if (streams.length < message.streams.length) room.warn('E_STREAM', peer.memberId)
    const shown = streams.filter((stream) => stream.kind !== 'data')
    try {
      peer.keys.accept({ gen, step, baseKey, streams })
      peer.streams = shown
      room.keysArrived(peer.memberId)
    } catch (error) {
      // The very key we hold, sent again because our acknowledgement was lost: acknowledge it again.
      const newest = peer.keys.newest()
      const again = newest?.gen === gen && newest.step === step
      if (!again || !(error instanceof E2eeError) || error.code !== 'E_KEY_ROLLBACK') throw error
      // A frame or a presence that was quicker had us derive it; the streams it names are still news.
      if (peer.keys.describe({ gen, step, baseKey, streams })) {
        peer.streams = shown
        room.keysArrived(peer.memberId)
      }
    } finally {
      baseKey.fill(0)
    }
    if (!ackWanted || !peer.ackKey.pass(room.clock.now())) return
    const rosterDigest = await room.members.digest()
    await room.seal(peer, { type: 'key-ack', gen, step, rosterDigest })
  },
  'key-ack': async (room, peer, { gen, step, rosterDigest }) => {
    room.roster.heard(peer.memberId, rosterDigest)
    if (gen === NO_KEY.gen && step === NO_KEY.step) {
      peer.pairAcknowledged()
      return
    }
    peer.acknowledged(gen, step)
    await room.rotation.acknowledged(peer, gen, step)
  },
  'key-req': async (room, peer) => {
    if (peer.answerKey.pass(room.clock.now())) await room.rotation.resend(peer)
  },
  roster: async (room, peer, { members, decisions }) => {
    room.greeting.rosterReceived()
    const known = members.map(({ memberId }) => memberId)
    await room.moderation.learn(peer, decisions, known)
  },
  bye: (room, peer) => room.remove([peer], false),
}
