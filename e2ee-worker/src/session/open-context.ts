/** Puts the parts of a session together around its opening: each gets only what it may do. */
import { encodeStatement, type Statement } from '../messages/statements.ts'
import { DATA } from '../keys/frame-metadata.ts'
import { signBroadcast } from '../messages/broadcast.ts'
import { encodeControl, type Control } from '../messages/control.ts'
import type { Sender } from '../keys/send-chain.ts'
import { tokenAlive } from '../trust/token.ts'
import type { Bytes } from '../wire.ts'
import type { MemberId, WorkerEvent } from '../protocol.ts'
import { Throttle, type Clock } from '../clock.ts'
import { Greeting } from './members/greeting.ts'
import { Members } from './members/members.ts'
import { Moderation } from './moderation/moderation.ts'
import type { Peer } from './members/member.ts'
import { Outbox } from './outgoing/outbox.ts'
import { People, type PeopleHost } from './members/device-trust.ts'
import type { KeyToSend } from './rotation/pending-key.ts'
import type { Opening, Room } from './context.ts'
import { RosterCheck } from './members/roster-check.ts'
import { Rotation } from './rotation/rotation.ts'
import { Warnings } from './outgoing/warnings.ts'

const ASK_TOKEN_EVERY_MS = 30_000

export interface RoomHost {
  readonly clock: Clock
  readonly sender: Sender
  emit(event: WorkerEvent): void
  keysArrived(memberId: MemberId): void
  run(task: () => void | Promise<void>): void
  /** The same, for what the page waits for. @throws E2eeError E_STATE once the session is closed. */
  decide(decision: () => Promise<void>): Promise<void>
}

export function openRoom(opening: Opening, host: RoomHost): Room {
  const { me } = opening
  const { clock } = host
  const outbox = new Outbox((event) => host.emit(event))
  const emit = (event: WorkerEvent): void => outbox.emit(event)
  const run = (task: () => void | Promise<void>): void => host.run(task)
  const warnings = new Warnings(emit, () => clock.now())
  const askToken = new Throttle(ASK_TOKEN_EVERY_MS)
  const members = new Members(me, clock)
  const warn: Room['warn'] = (code, memberId) => warnings.warn(code, memberId)
  const say = speaker(opening, emit)
  const room: Room = {
    ...{ opening, me, clock, members, outbox, emit, warn, say, run },
    keysArrived: (memberId) => host.keysArrived(memberId),
    decide: (decision) => host.decide(decision),
    greeting: new Greeting({
      ...{ clock, run, memberId: me.memberId },
      knows: (memberId) =>
        members.get(memberId) !== undefined || room.moderation.keepsOut(memberId),
      sendHello: (to) => emit({ type: 'send', to, bytes: me.current.hello.slice() }),
    }),
    roster: new RosterCheck({ clock, members, emit, warn, run }),
    moderation: new Moderation({
      ...{ me, members, emit, warn, say },
      tmmsNow: () => opening.time.now(),
      remove: (peers) => room.remove(peers, true),
      expect: (memberId) => room.greeting.expect(memberId),
    }),
    rotation: new Rotation({
      ...{ clock, run, memberId: me.memberId, sender: host.sender },
      recipients: () => members.all().filter((peer) => room.mayHaveKeys(peer)),
      sendKey: (peers, key) => sendKey(room, peers, key),
      switched: (newcomers) => {
        if (newcomers) wantKeyFrames(room)
      },
    }),
    people: openPeople({ me, members, warn }, opening, host, () => room),
    alive: (peer) => tokenAlive(peer.hello.claims, opening.time.now()),
    mayHaveKeys: (peer) => !peer.blocked && room.alive(peer),
    seal: async (peer, message) => {
      outbox.answer(peer.memberId, await peer.seal(message))
    },
    remove: (peers, hard) => remove(room, peers, hard),
    requestKey: async (peer) => {
      if (!peer.askKey.pass(clock.now())) return
      const { gen, step } = peer.keys.newest() ?? { gen: 0, step: 0 }
      await room.seal(peer, { type: 'key-req', gen, step })
    },
    needToken: () => {
      if (askToken.pass(clock.now())) emit({ type: 'need-token' })
    },
  }
  return room
}

function openPeople(
  known: Pick<PeopleHost, 'me' | 'members' | 'warn'>,
  opening: Opening,
  host: RoomHost,
  room: () => Room,
): People {
  return new People({
    ...known,
    devices: opening.devices,
    tmmsNow: () => opening.time.now(),
    decide: (decision) => host.decide(decision),
    letIn: async (peer) => {
      await room().moderation.admitted(peer)
      await room().rotation.join(peer)
      host.keysArrived(peer.memberId)
    },
    shutOut: (peer) => room().rotation.left([peer], true),
  })
}

/** The only place that numbers our broadcasts. */
function speaker({ me }: Opening, emit: Room['emit']): (statement: Statement) => Promise<Bytes> {
  let seq = 0
  return async (statement) => {
    const message = { from: me.memberId, seq: seq++, ...encodeStatement(statement) }
    const bytes = await signBroadcast(message, me.credential.claims.msid, me.identity)
    emit({ type: 'send', to: '*', bytes: bytes.slice() })
    return bytes
  }
}

async function remove(room: Room, peers: readonly Peer[], hard: boolean): Promise<void> {
  const here = peers.filter((peer) => room.members.get(peer.memberId) === peer)
  for (const peer of here) {
    room.members.remove(peer)
    room.greeting.forget(peer.memberId)
    room.roster.forget(peer.memberId)
  }
  await room.rotation.left(here, hard)
}

async function sendKey(
  room: Room,
  peers: readonly Peer[],
  { streams, ...key }: KeyToSend,
): Promise<void> {
  const { members, opening, outbox } = room
  const message: Control = {
    // Whoever holds the key may read what we write from now on, whether or not we send media.
    ...{ type: 'sender-key', ...key, streams: [...streams, DATA], ackWanted: true },
    timeMs: opening.time.now(),
    rosterDigest: await members.digest(),
    rosterCount: members.present,
  }
  const plaintext = encodeControl(message)
  try {
    for (const peer of peers) outbox.add(peer.memberId, await peer.sealEncoded(message, plaintext))
  } finally {
    plaintext.fill(0)
    outbox.flush()
  }
}

/** A newcomer shows our video from its first key frame on, so the encoder is asked for one. */
function wantKeyFrames(room: Room): void {
  for (const { idx, kind } of room.rotation.streams) {
    if (kind !== 'video' && kind !== 'screen') continue
    room.emit({ type: 'key-frame-wanted', streamIdx: idx })
  }
}
