/** Puts the parts of a session together around its opening: each gets only what it may do. */
import { Throttle } from '../clock.ts'
import { signBroadcast } from '../messages/broadcast.ts'
import { encodeStatement } from '../messages/statements.ts'
import type { MemberId } from '../protocol.ts'
import { tokenAlive } from '../trust/token.ts'
import type { ContextHost, Opening, SessionContext } from './context.ts'
import { DeviceTrust } from './members/device-trust.ts'
import { Greeting } from './members/greeting.ts'
import type { Member } from './members/member.ts'
import { Members } from './members/members.ts'
import { RosterCheck } from './members/roster-check.ts'
import { Moderation } from './moderation/moderation.ts'
import { Outbox } from './outgoing/outbox.ts'
import { sendKey, wantKeyFrames } from './rotation/send-key.ts'
import { Warnings } from './outgoing/warnings.ts'
import { Rotation } from './rotation/rotation.ts'

const ASK_TOKEN_EVERY_MS = 30_000

type Ground = ContextHost &
  Pick<SessionContext, 'opening' | 'me' | 'members' | 'outbox' | 'warn' | 'broadcast'> &
  Pick<SessionContext, 'run' | 'decide'>

export function openContext(opening: Opening, host: ContextHost): SessionContext {
  const ground = openGround(opening, host)
  const { clock, outbox, emit } = ground
  const askToken = new Throttle(ASK_TOKEN_EVERY_MS)
  const context: SessionContext = {
    ...ground,
    greeting: openGreeting(ground, () => context),
    roster: new RosterCheck({ ...ground, ask: (memberId) => askForDigest(context, memberId) }),
    moderation: openModeration(ground, () => context),
    rotation: openRotation(ground, () => context),
    deviceTrust: openDeviceTrust(ground, () => context),
    alive: (member) => tokenAlive(member.hello.claims, opening.time.now()),
    mayHaveKeys: (member) => !member.blocked && context.alive(member),
    seal: async (member, message) => {
      outbox.answer(member.memberId, await member.seal(message))
    },
    remove: (gone, hard) => remove(context, gone, hard),
    requestKey: async (member) => {
      if (!member.askKey.pass(clock.now())) return
      const { gen, step } = member.keys.newest() ?? { gen: 0, step: 0 }
      await context.seal(member, { type: 'key-req', gen, step })
    },
    needToken: () => {
      if (askToken.pass(clock.now())) emit({ type: 'need-token' })
    },
    untilKeyed: (ask) => untilKeyed(context, ask),
  }
  return context
}

/** Both the answer to a key and a key name the list of whoever sends it. */
async function askForDigest(context: SessionContext, memberId: MemberId): Promise<void> {
  const member = context.members.get(memberId)
  if (member === undefined || member.blocked) return
  if (context.sender.current === null) await context.requestKey(member)
  else await context.rotation.resend(member)
}

function openGround(opening: Opening, host: ContextHost): Ground {
  const { me } = opening
  const { clock, tasks } = host
  const outbox = new Outbox((event) => host.emit(event))
  const emit: SessionContext['emit'] = (event) => outbox.emit(event)
  const warnings = new Warnings(emit, () => clock.now())
  return {
    ...{ ...host, opening, me, outbox, emit },
    members: new Members(me, clock),
    warn: (code, memberId) => warnings.warn(code, memberId),
    broadcast: openBroadcast(opening, emit),
    run: (task) => tasks.run(task),
    decide: (decision) => tasks.decide(decision),
  }
}

/** The only place that numbers our broadcasts. */
function openBroadcast({ me }: Opening, emit: SessionContext['emit']): SessionContext['broadcast'] {
  let seq = 0
  return async (statement) => {
    const message = { from: me.memberId, seq: seq++, ...encodeStatement(statement) }
    const bytes = await signBroadcast(message, me.credential.claims.msid, me.identity)
    emit({ type: 'send', to: '*', bytes: bytes.slice() })
    return bytes
  }
}

function openGreeting(ground: Ground, context: () => SessionContext): Greeting {
  const { clock, run, me, members, emit } = ground
  return new Greeting({
    ...{ clock, run, memberId: me.memberId },
    knows: (memberId) =>
      members.get(memberId) !== undefined || context().moderation.refuses(memberId),
    sendHello: (to) => emit({ type: 'send', to, bytes: me.current.hello.slice() }),
  })
}

function openModeration(ground: Ground, context: () => SessionContext): Moderation {
  return new Moderation({
    ...ground,
    tmmsNow: () => ground.opening.time.now(),
    remove: (members) => context().remove(members, true),
    expect: (memberId) => context().greeting.expect(memberId),
  })
}

function openRotation(ground: Ground, context: () => SessionContext): Rotation {
  const { clock, run, me, members, sender } = ground
  return new Rotation({
    ...{ clock, run, memberId: me.memberId, sender },
    recipients: () => members.all().filter((member) => context().mayHaveKeys(member)),
    sendKey: (recipients, key) => sendKey(ground, recipients, key),
    switched: (newcomers) => {
      if (newcomers) wantKeyFrames(context())
    },
  })
}

function openDeviceTrust(ground: Ground, context: () => SessionContext): DeviceTrust {
  return new DeviceTrust({
    ...ground,
    devices: ground.opening.devices,
    tmmsNow: () => ground.opening.time.now(),
    admit: async (member) => {
      await context().moderation.admitted(member)
      await context().rotation.join(member)
      ground.keysArrived(member.memberId)
    },
    exclude: (member) => context().rotation.left([member], true),
  })
}

async function remove(
  { members, greeting, roster, rotation }: SessionContext,
  gone: readonly Member[],
  hard: boolean,
): Promise<void> {
  const here = gone.filter((member) => members.get(member.memberId) === member)
  for (const member of here) {
    members.remove(member)
    greeting.forget(member.memberId)
    roster.forget(member.memberId)
  }
  await rotation.left(here, hard)
}

function untilKeyed(
  { run, greeting, tasks }: SessionContext,
  ask: (done: () => void) => Promise<void>,
): Promise<unknown> {
  const keyed = new Promise<void>((resolve) => {
    run(() => greeting.whenReady(() => run(() => ask(resolve))))
  })
  return Promise.race([keyed, tasks.ended])
}
