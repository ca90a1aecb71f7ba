/** Entering and leaving the room, and fresh credentials for the way there. */
import type { Handler } from './handler.ts'

export const join: Handler<'join'> = ({ peer, room }, { rtpCapabilities }) =>
  room.join(peer, rtpCapabilities)

export const leave: Handler<'leave'> = ({ peer, room }) => {
  room.remove(peer, 'left')
  // The reply must be on its way before the connection ends.
  setImmediate(peer.channel.guarded(() => peer.channel.close()))
  return {}
}

export const relayCredentials: Handler<'relay-credentials'> = ({ mintRelay }) => mintRelay()
