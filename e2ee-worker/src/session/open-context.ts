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
import type { Member } from './members/member.ts'
import { Outbox } from './outgoing/outbox.ts'
import { DeviceTrust, type DeviceTrustHost } from './members/device-trust.ts'
import type { KeyToSend } from './rotation/pending-key.ts'
import type { Opening, SessionContext } from './context.ts'
import { RosterCheck } from './members/roster-check.ts'
import { Rotation } from './rotation/rotation.ts'
import { Warnings } from './outgoing/warnings.ts'

const ASK_TOKEN_EVERY_MS = 30_000

export interface ContextHost {
  readonly clock: Clock
  readonly sender: Sender
  emit(event: WorkerEvent): void
  keysArrived(memberId: MemberId): void
  run(task: () => void | Promise<void>): void
  /** The same, for what the page waits for. @throws E2eeError E_STATE once the session is closed. */
  decide(decision: () => Promise<void>): Promise<void>
}

export function openContext(opening: Opening, host: ContextHost): SessionContext {
  const { me } = opening
  const { clock } = host
  const outbox = new Outbox((event) => host.emit(event))
  const emit = (event: WorkerEvent): void => outbox.emit(event)
  const run = (task: () => void | Promise<void>): void => host.run(task)
  const warnings = new Warnings(emit, () => clock.now())
  const askToken = new Throttle(ASK_TOKEN_EVERY_MS)
  const members = new Members(me, clock)
  const warn: SessionContext['warn'] = (code, memberId) => warnings.warn(code, memberId)
  const say = speaker(opening, emit)
  const context: SessionContext = {
    ...{ opening, me, clock, members, outbox, emit, warn, say, run },
    keysArrived: (memberId) => host.keysArrived(memberId),
    decide: (decision) => host.decide(decision),
    greeting: new Greeting({
      ...{ clock, run, memberId: me.memberId },
      knows: (memberId) =>
        members.get(memberId) !== undefined || context.moderation.keepsOut(memberId),
      sendHello: (to) => emit({ type: 'send', to, bytes: me.current.hello.slice() }),
    }),
    roster: new RosterCheck({ clock, members, emit, warn, run }),
    moderation: new Moderation({
      ...{ me, members, emit, warn, say },
      tmmsNow: () => opening.time.now(),
      remove: (members) => context.remove(members, true),
      expect: (memberId) => context.greeting.expect(memberId),
    }),
    rotation: new Rotation({
      ...{ clock, run, memberId: me.memberId, sender: host.sender },
      recipients: () => members.all().filter((member) => context.mayHaveKeys(member)),
      sendKey: (members, key) => sendKey(context, members, key),
      switched: (newcomers) => {
        if (newcomers) wantKeyFrames(context)
      },
    }),
    people: openDeviceTrust({ me, members, warn }, opening, host, () => context),
    alive: (member) => tokenAlive(member.hello.claims, opening.time.now()),
    mayHaveKeys: (member) => !member.blocked && context.alive(member),
    seal: async (member, message) => {
      outbox.answer(member.memberId, await member.seal(message))
    },
    remove: (members, hard) => remove(context, members, hard),
    requestKey: async (member) => {
      if (!member.askKey.pass(clock.now())) return
      const { gen, step } = member.keys.newest() ?? { gen: 0, step: 0 }
      await context.seal(member, { type: 'key-req', gen, step })
    },
    needToken: () => {
      if (askToken.pass(clock.now())) emit({ type: 'need-token' })
    },
  }
  return context
}

function openDeviceTrust(
  known: Pick<DeviceTrustHost, 'me' | 'members' | 'warn'>,
  opening: Opening,
  host: ContextHost,
  context: () => SessionContext,
): DeviceTrust {
  return new DeviceTrust({
    ...known,
    devices: opening.devices,
    tmmsNow: () => opening.time.now(),
    decide: (decision) => host.decide(decision),
    letIn: async (member) => {
      await context().moderation.admitted(member)
      await context().rotation.join(member)
      host.keysArrived(member.memberId)
    },
    shutOut: (member) => context().rotation.left([member], true),
  })
}

/** The only place that numbers our broadcasts. */
function speaker(
  { me }: Opening,
  emit: SessionContext['emit'],
): (statement: Statement) => Promise<Bytes> {
  let seq = 0
  return async (statement) => {
    const message = { from: me.memberId, seq: seq++, ...encodeStatement(statement) }
    const bytes = await signBroadcast(message, me.credential.claims.msid, me.identity)
    emit({ type: 'send', to: '*', bytes: bytes.slice() })
    return bytes
  }
}

async function remove(
  context: SessionContext,
  members: readonly Member[],
  hard: boolean,
): Promise<void> {
  const here = members.filter((member) => context.members.get(member.memberId) === member)
  for (const member of here) {
    context.members.remove(member)
    context.greeting.forget(member.memberId)
    context.roster.forget(member.memberId)
  }
  await context.rotation.left(here, hard)
}

async function sendKey(
  context: SessionContext,
  recipients: readonly Member[],
  { streams, ...key }: KeyToSend,
): Promise<void> {
  const { members, opening, outbox } = context
  const message: Control = {
    // Whoever holds the key may read what we write from now on, whether or not we send media.
    ...{ type: 'sender-key', ...key, streams: [...streams, DATA], ackWanted: true },
    timeMs: opening.time.now(),
    rosterDigest: await members.digest(),
    rosterCount: members.present,
  }
  const plaintext = encodeControl(message)
  try {
    for (const member of recipients)
      outbox.add(member.memberId, await member.sealEncoded(message, plaintext))
  } finally {
    plaintext.fill(0)
    outbox.flush()
  }
}

/** A newcomer shows our video from its first key frame on, so the encoder is asked for one. */
function wantKeyFrames(context: SessionContext): void {
  for (const { idx, kind } of context.rotation.streams) {
    if (kind !== 'video' && kind !== 'screen') continue
    context.emit({ type: 'key-frame-wanted', streamIdx: idx })
  }
}
