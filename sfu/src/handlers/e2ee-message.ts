/** Opaque end-to-end bytes from one peer to others of the same room: unread, and stamped with who sent them. */
import { TcsError } from '../errors.ts'
import type { Peer } from '../room/peer.ts'
import type { PeerId } from '../protocol.ts'
import type { Handler } from './handler.ts'

/** What sending costs beside the bytes: many small messages are as much work as a few large ones. */
const DELIVERY_BYTES = 256

interface Message {
  readonly receiver: Peer
  readonly bytes: Uint8Array
}

export const e2eeMessage: Handler<'e2ee-message'> = ({ peer, admissions, now }, { to, bytes }) => {
  const room = admissions.roomOf(peer)
  if (to === peer.id) throw new TcsError('not-allowed', 'message to oneself')
  const addressee = to === '*' ? undefined : room.find(to)
  if (to !== '*' && addressee === undefined) throw new TcsError('not-found', 'no such peer')
  const receivers = addressee === undefined ? [...room.others(peer)] : [addressee]
  pass(
    peer,
    receivers.map((receiver) => ({ receiver, bytes })),
    now(),
  )
  return {}
}

export const e2eeMessages: Handler<'e2ee-messages'> = (
  { peer, admissions, now },
  { to, lengths, bytes },
) => {
  const room = admissions.roomOf(peer)
  if (to.includes(peer.id)) throw new TcsError('not-allowed', 'message to oneself')
  const messages: Message[] = []
  let at = 0
  for (const [index, length] of lengths.entries()) {
    // Whoever left since the sender made its batch is passed over: the others must still get theirs.
    const receiver = room.find(to[index] as PeerId)
    if (receiver !== undefined) messages.push({ receiver, bytes: bytes.subarray(at, at + length) })
    at += length
  }
  pass(peer, messages, now())
  return {}
}

// All or nothing: a sender who is refused knows that nobody got anything.
function pass(sender: Peer, messages: readonly Message[], nowMs: number): void {
  const cost = messages.reduce((sum, { bytes }) => sum + bytes.length + DELIVERY_BYTES, 0)
  if (!sender.account.maySend(cost, nowMs)) throw new TcsError('too-many-messages')
  for (const { receiver, bytes } of messages) {
    receiver.channel.send('e2ee-message', { from: sender.id, bytes })
  }
}
