/**
 * One second of a meeting of ten, worked off without a pause, with and without the stream authenticator: nine microphones
 * and cameras are opened, a microphone and a camera in three layers sealed.
 */
import {
  signBroadcast,
  decodeBroadcast,
  verifyBroadcast,
} from '../../e2ee-worker/src/messages/broadcast.ts'
import { identityOf, type Identity } from '../../e2ee-worker/src/trust/identity.ts'
import { MemberKeys } from '../../e2ee-worker/src/keys/member-keys.ts'
import { SendChain } from '../../e2ee-worker/src/keys/send-chain.ts'
import { Sender } from '../../e2ee-worker/src/keys/sender.ts'
import { decodeStatement, encodeStatement } from '../../e2ee-worker/src/messages/statements.ts'
import { toHex, type Bytes } from '../../e2ee-worker/src/wire.ts'
import type { MemberId, StreamDescriptor } from '../../e2ee-worker/src/protocol.ts'
import { SealedLog } from '../../e2ee-worker/src/session/vouching/sealed-log.ts'
import { StreamWitness } from '../../e2ee-worker/src/session/vouching/stream-witness.ts'
import { attachDecrypt } from '../../e2ee-worker/src/transform/decrypt-stream.ts'
import { attachEncrypt } from '../../e2ee-worker/src/transform/encrypt-stream.ts'
import { answerPage } from './answer.ts'
import { makeFrames, type BenchFrame } from './encoded.ts'
import { StreamLane } from './lane.ts'
import type { Kind } from './timed.ts'

const OTHERS = 9
const MSID = 's_bench'
/** Statements come twice a second. */
const HALVES = 2
const AUDIO = { kind: 'audio', sizes: [120], perHalf: 25 } as const
const VIDEO = { kind: 'video', sizes: [1200, 2500, 5000], perHalf: 15 } as const
const LAYERS = 3

const STREAMS = {
  audio: { idx: 0, kind: 'audio', codec: 'opus' },
  video: { idx: 1, kind: 'video', codec: 'vp8' },
} as const satisfies Record<Kind, StreamDescriptor>

const now = () => performance.now()
const note = (code: string) => {
  throw new Error(`a frame was refused: ${code}`)
}

/** Both ends of what one member sends. */
interface Member {
  readonly id: MemberId
  readonly identity: Identity
  readonly sender: Sender
  readonly log: SealedLog
  readonly keys: MemberKeys
  readonly witnesses: ReadonlyMap<number, StreamWitness>
  readonly encrypt: Readonly<Record<Kind, StreamLane>>
  readonly decrypt: Readonly<Record<Kind, StreamLane>>
  seq: number
}

/** What of one member comes in within half a second. */
interface Half {
  readonly member: Member
  readonly frames: Readonly<Record<Kind, readonly BenchFrame[]>>
  readonly vouches: readonly Bytes[]
}

const members = Promise.all(Array.from({ length: OTHERS + 1 }, (_, number) => enter(number)))

/** Milliseconds that a second of the meeting takes. */
answerPage(async ({ vouching }: { readonly vouching: boolean }) => {
  const [me, ...others] = await members
  if (me === undefined) throw new Error('nobody is here')
  const halves = []
  for (let half = 0; half < HALVES; half += 1) {
    halves.push(await Promise.all(others.map((member) => send(member))))
  }
  for (const member of others) watch(member, vouching)
  me.sender.witness = vouching ? logOf(me) : null
  const began = now()
  for (const half of halves) {
    await Promise.all([...half.map(receive), sealHalf(me)])
    if (!vouching) continue
    for (const { member, vouches } of half) for (const bytes of vouches) await hear(member, bytes)
    await say(me)
  }
  return now() - began
})

async function enter(number: number): Promise<Member> {
  const id = toHex(new Uint8Array(16).fill(number + 1)) as MemberId
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const sender = new Sender()
  sender.current = await SendChain.create(0, id)
  const keys = new MemberKeys(id, now)
  const baseKey = sender.current.baseKey()
  keys.accept({ gen: 0, step: 0, baseKey, streams: Object.values(STREAMS) })
  const witnesses = Object.values(STREAMS).map(({ idx }) => [idx, new StreamWitness(0)] as const)
  return {
    ...{ id, sender, keys, seq: 0, log: new SealedLog() },
    identity: await identityOf(pair),
    witnesses: new Map(witnesses),
    encrypt: { audio: sealing(sender, 'audio'), video: sealing(sender, 'video') },
    decrypt: { audio: opening(keys, 'audio'), video: opening(keys, 'video') },
  }
}

function sealing(sender: Sender, kind: Kind): StreamLane {
  const lane = new StreamLane()
  attachEncrypt(lane.transformer, { sender, stream: STREAMS[kind], note, now })
  return lane
}

function opening(keys: MemberKeys, kind: Kind): StreamLane {
  const lane = new StreamLane()
  const ignore = () => undefined
  const [consumerId, owner] = [kind, kind]
  attachDecrypt(lane.transformer, {
    ...{ consumerId, owner, kind, note, now, memberKeys: () => keys, onState: ignore },
  })
  return lane
}

function logOf({ log }: Member): Sender['witness'] {
  return (kid, ctr, sframe) => log.note(kid, ctr, sframe)
}

/** Somebody else's half second and what is said of it; not measured. */
async function send(member: Member): Promise<Half> {
  member.sender.witness = logOf(member)
  const audio = await member.encrypt.audio.run(framesOf(AUDIO, 1))
  const video = await member.encrypt.video.run(framesOf(VIDEO, 1))
  const vouches: Bytes[] = []
  // Long frames are hashed elsewhere, and their hashes come when they come.
  for (let hashes = 0; hashes < AUDIO.perHalf + VIDEO.perHalf;) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    for (const statement of member.log.take()) {
      for (const entry of statement.entries) hashes += entry.hashes.byteLength / 8
      vouches.push(await signed(member, statement))
    }
  }
  return { member, frames: { audio, video }, vouches }
}

function framesOf(
  { kind, sizes, perHalf }: typeof AUDIO | typeof VIDEO,
  layers: number,
): readonly BenchFrame[] {
  const count = (perHalf * layers) / sizes.length
  return sizes.flatMap((bytes) => makeFrames(kind, bytes, Math.round(count)))
}

function watch(member: Member, vouching: boolean): void {
  member.keys.witness = vouching
    ? (kid, ctr, sframe) => member.witnesses.get(kid.stream)?.opened(kid, ctr, sframe)
    : null
}

async function receive({ member, frames }: Half): Promise<void> {
  const { audio, video } = member.decrypt
  await Promise.all([audio.run(frames.audio), video.run(frames.video)])
}

async function sealHalf({ encrypt }: Member): Promise<void> {
  const { audio, video } = encrypt
  await Promise.all([audio.run(framesOf(AUDIO, 1)), video.run(framesOf(VIDEO, LAYERS))])
}

async function hear({ identity, witnesses }: Member, bytes: Bytes): Promise<void> {
  const message = decodeBroadcast(bytes)
  await verifyBroadcast(message, MSID, identity.ikPub)
  const statement = decodeStatement(message.type, message.body)
  if (statement.type !== 'vouch') throw new Error('not a vouch')
  for (const entry of statement.entries) witnesses.get(entry.stream)?.vouch(entry)
  for (const witness of witnesses.values()) {
    const state = witness.verdict()
    if (state !== null && state !== 'vouched') throw new Error(`a stream is ${state}`)
  }
}

async function say(me: Member): Promise<void> {
  for (const statement of me.log.take()) await signed(me, statement)
}

function signed(member: Member, statement: Parameters<typeof encodeStatement>[0]): Promise<Bytes> {
  member.seq += 1
  const { id: from, seq, identity } = member
  return signBroadcast({ from, seq, ...encodeStatement(statement) }, MSID, identity)
}
