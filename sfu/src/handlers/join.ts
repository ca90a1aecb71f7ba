/** Entering and leaving the room, and what a connection renews meanwhile. */
import type { Handler } from './handler.ts'

export const join: Handler<'join'> = ({ peer, admissions }, { rtpCapabilities }) =>
  admissions.join(peer, rtpCapabilities)

export const leave: Handler<'leave'> = ({ peer, admissions }) => {
  admissions.leave(peer)
  // The reply must be on its way before the connection ends.
  setImmediate(peer.channel.guarded(() => peer.channel.close()))
  return {}
}

export const renewToken: Handler<'renew-token'> = async (
  { peer, admissions, verifyToken },
  { token },
) => {
  await admissions.renew(peer, await verifyToken(token))
  return {}
}

export const relayCredentials: Handler<'relay-credentials'> = ({ mintRelay }) => mintRelay()
