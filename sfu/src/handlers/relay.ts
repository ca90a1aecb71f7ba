/** Opaque end-to-end bytes from one peer to another of the same room: unread, and stamped with who sent them. */
import { TcsError } from '../errors.ts'
import type { Handler } from './handler.ts'

export const relay: Handler<'relay'> = ({ peer, room }, { to, bytes }) => {
  if (!peer.joined) throw new TcsError('not-allowed', 'not joined')
  if (to === peer.id) throw new TcsError('not-allowed', 'relay to oneself')
  const addressee = to === '*' ? undefined : room.find(to)
  if (to !== '*' && addressee === undefined) throw new TcsError('not-found', 'no such peer')
  const receivers = addressee === undefined ? [...room.others(peer)] : [addressee]
  if (!peer.mayRelay(bytes.length * receivers.length)) throw new TcsError('too-many-messages')
  for (const receiver of receivers) {
    receiver.channel.send('relayed', { from: peer.id, bytes }, bytes.length)
  }
  return {}
}
