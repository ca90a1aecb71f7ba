/** The people of a meeting as the screen shows them, composed of what the worker and the TCS say. */
import type { E2eeCode, Member, Verification } from '@huisclos/e2ee-worker/protocol'
import type { PeerId, ProducerInfo, Source } from '@huisclos/sfu/protocol'

type MediaState = 'waiting' | 'decrypting' | 'cannot-decrypt'

/** One stream of somebody else as the TCS carries it to us. */
export interface RemoteStream {
  readonly consumerId: string
  readonly producerId: string
  readonly peerId: PeerId
  readonly source: Source
  readonly track: MediaStreamTrack
  readonly paused: boolean
}

/** What the worker says of the frames of a consumer. */
export interface Opening {
  /** Whether they open. */
  readonly state: MediaState
  readonly code: E2eeCode | null
  /** By its owner's word more was sent than arrives. */
  readonly delayed: boolean
  /** Whether the owner's signature vouches for what opens; null where nobody signs. */
  readonly authenticity: 'vouched' | 'unvouched' | 'forged' | null
}

export const UNOPENED: Opening = {
  state: 'waiting',
  code: null,
  delayed: false,
  authenticity: null,
}

interface StreamView extends RemoteStream, Opening {}

export interface PeerView {
  readonly peerId: PeerId
  /** From the person's own token, checked by the worker; null until then, and then nothing of theirs is shown. */
  readonly name: string | null
  /** The verified account, so that somebody can be told that he is here twice. */
  readonly sub: string | null
  readonly role: Member['role'] | null
  readonly canDecrypt: boolean
  /** How well this browser knows the person's device. `changed`: blocked until the person here decides. */
  readonly verification: Verification | null
  readonly presence: 'connecting' | 'present' | 'reconnecting'
  readonly audio: StreamView | null
  readonly video: StreamView | null
  readonly speaking: boolean
  /** Said only when it is known: what is still on its way to us is not off. */
  readonly muted: boolean
  /** Our own connection is being made, or media of this person are about to come. */
  readonly pending: boolean
}

export interface Presence {
  readonly lost: boolean
}

export interface Known {
  readonly members: ReadonlyMap<string, Member>
  readonly present: ReadonlyMap<PeerId, Presence>
  readonly streams: ReadonlyMap<string, RemoteStream>
  readonly openings: ReadonlyMap<string, Opening>
  readonly speakers: readonly string[]
  /** What the TCS has told of, whether or not it is received yet. */
  readonly announced: ReadonlyMap<string, ProducerInfo>
  /** We are connected ourselves: without that, silence says nothing about anybody. */
  readonly connected: boolean
}

export function viewPeers(known: Known): readonly PeerView[] {
  const { members } = known
  const streams = streamsByPeer(known)
  const connections = connectionsOf(known)
  const here = new Set<string>()
  for (const [peerId, { lost }] of connections) {
    const sub = members.get(peerId)?.sub
    if (!lost && sub !== undefined) here.add(sub)
  }
  const views: PeerView[] = []
  for (const [peerId, { lost }] of connections) {
    const member = members.get(peerId)
    // Nobody needs to see an unverified stranger "reconnecting", or somebody who is already back from a reload.
    if (lost && (member === undefined || here.has(member.sub))) continue
    // Without a verified name there is nobody to show the media as.
    const own = member === undefined ? [] : (streams.get(peerId) ?? [])
    const presence = member === undefined ? 'connecting' : lost ? 'reconnecting' : 'present'
    const coming = comingFrom(known, peerId)
    const audio = own.find(({ source }) => source === 'audio') ?? null
    const off = (audio === null || audio.paused) && !coming.includes('audio')
    views.push({
      peerId,
      name: member?.name ?? null,
      sub: member?.sub ?? null,
      role: member?.role ?? null,
      canDecrypt: member?.canDecrypt ?? false,
      verification: member?.verification ?? null,
      presence,
      audio,
      video: own.find(({ source }) => source === 'video') ?? null,
      speaking: member !== undefined && known.speakers.includes(peerId),
      muted: known.connected && presence === 'present' && off,
      pending: presence === 'present' && (!known.connected || coming.length > 0),
    })
  }
  return views
}

/** Whoever the worker gives our keys to is shown, also when the TCS keeps silent about the connection. */
function connectionsOf({ members, present }: Known): ReadonlyMap<PeerId, Presence> {
  const connections = new Map(present)
  for (const [memberId, { state }] of members) {
    const peerId = memberId as PeerId
    if (!connections.has(peerId)) connections.set(peerId, { lost: state === 'lost' })
  }
  return connections
}

/** What this one sends and we do not receive yet. */
function comingFrom({ announced, streams }: Known, peerId: PeerId): readonly Source[] {
  const received = new Set([...streams.values()].map(({ producerId }) => producerId))
  return [...announced.values()]
    .filter((one) => one.peerId === peerId && !one.paused && !received.has(one.producerId))
    .map(({ source }) => source)
}

/** What cannot be decrypted, is forged, or comes from a device not accepted yet, is never played. */
export function mayBeHeard({ audio, verification }: PeerView): boolean {
  if (audio === null || verification === 'changed') return false
  return audio.state !== 'cannot-decrypt' && audio.authenticity !== 'forged'
}

function streamsByPeer({ streams, openings }: Known): Map<PeerId, StreamView[]> {
  const byPeer = new Map<PeerId, StreamView[]>()
  for (const stream of streams.values()) {
    const opening = openings.get(stream.consumerId) ?? UNOPENED
    const list = byPeer.get(stream.peerId) ?? []
    list.push({ ...stream, ...opening })
    byPeer.set(stream.peerId, list)
  }
  return byPeer
}
