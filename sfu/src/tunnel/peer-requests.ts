/** The requests that name peers: CreatePermission and ChannelBind (RFC 8656 sections 10 and 12). */
import { decodeXorAddress, type Endpoint } from './address.ts'
import type { Allocation } from './allocation.ts'
import { FIRST_CHANNEL, LAST_CHANNEL } from './channel-data.ts'
import { Attribute, attributeOf, type StunMessage } from './stun.ts'
import type { Outcome, Refusal } from './turn-reply.ts'

export function createPermission(
  allocation: Allocation,
  message: StunMessage,
  nowMs: number,
): Outcome {
  const peers = message.attributes
    .filter(([type]) => type === Attribute.xorPeerAddress)
    .map(([, value]) => decodeXorAddress(value, message.transaction))
  if (peers.length === 0) return { code: 400 }
  // All or nothing (RFC 8656 section 10.2).
  const checked = peers.map((peer) => checkPeer(peer, (one) => allocation.mayPermit(one)))
  const refusal = checked.find((peer) => 'code' in peer)
  if (refusal !== undefined) return refusal
  for (const peer of checked) if (!('code' in peer)) allocation.permit(peer, nowMs)
  return []
}

export function bindChannel(allocation: Allocation, message: StunMessage, nowMs: number): Outcome {
  const number = attributeOf(message, Attribute.channelNumber)
  const address = attributeOf(message, Attribute.xorPeerAddress)
  if (number?.length !== 4 || address === undefined) return { code: 400 }
  const channel = number.readUInt16BE(0)
  if (channel < FIRST_CHANNEL || channel > LAST_CHANNEL) return { code: 400 }
  const endpoint = decodeXorAddress(address, message.transaction)
  const peer = checkPeer(endpoint, (one) => allocation.mayReach(one))
  if ('code' in peer) return peer
  return allocation.bind(channel, peer, nowMs) ? [] : { code: 400 }
}

/** The only peers there are, for anybody, are our own workers (N3 in docs/abuse-cases.md). */
function checkPeer(peer: Endpoint | null, allows: (peer: Endpoint) => boolean): Endpoint | Refusal {
  if (peer === null) return { code: 400 }
  if (peer.address.includes(':')) return { code: 443 }
  return allows(peer) ? peer : { code: 403 }
}
