/**
 * What envelopes carry: sender keys, their acknowledgements and requests, the roster, and goodbye.
 *
 * Plaintext = u8 type || body. The layouts are in docs/protocol.md and the known answers.
 */
import { E2eeError } from '../errors.ts'
import { STREAM_INDEX, type MemberId } from '../protocol.ts'
import {
  DATA,
  SEALED_CODEC_NUMBER as CODEC_NUMBER,
  SEALED_KIND_NUMBER as KIND_NUMBER,
  type SealedStream,
} from '../keys/frame-metadata.ts'
import { BASE_KEY_BYTES } from '../keys/kid.ts'
import { Reader, fromHex, join, toHex, u16, u32, u64, u8, vec, type Bytes } from '../wire.ts'

const FLAG_ACK = 1
const FLAG_HARD = 2
const MAX_ROSTER = 1200
/** Of moderators, in one ROSTER: removals, and whether the meeting is locked. */
export const MAX_DECISIONS = 33

export interface SenderKey {
  readonly type: 'sender-key'
  readonly gen: number
  readonly step: number
  readonly baseKey: Bytes
  readonly ackWanted: boolean
  /** The key before this one must not be used any longer: somebody was excluded. */
  readonly hard: boolean
  readonly timeMs: number
  readonly rosterDigest: Bytes
  readonly rosterCount: number
  /** Data (chat) among them. */
  readonly streams: readonly SealedStream[]
}

/** Names no sender key: such a KEY_ACK says only that its sender holds the pair key. Steps end long before. */
export const NO_KEY = { gen: 0xffff_ffff, step: 0xffff } as const

interface KeyAck {
  readonly type: 'key-ack'
  readonly gen: number
  readonly step: number
  readonly rosterDigest: Bytes
}

/** Asks for the current sender key; `gen` and `step` are the newest known, zero when none is. */
interface KeyReq {
  readonly type: 'key-req'
  readonly gen: number
  readonly step: number
}

/** Whom the sender has verified, and by which HELLO. */
interface Roster {
  readonly type: 'roster'
  readonly members: readonly { readonly memberId: MemberId; readonly helloHash: Bytes }[]
  /** Signed MOD_REMOVE and MOD_LOCK broadcasts, carried as they are. */
  readonly decisions: readonly Bytes[]
}

interface Bye {
  readonly type: 'bye'
}

export type Control = SenderKey | KeyAck | KeyReq | Roster | Bye
export type ControlType = Control['type']

const TYPE_CODE = { 'sender-key': 1, 'key-ack': 2, 'key-req': 3, bye: 10, roster: 11 } as const

export function encodeControl(message: Control): Bytes {
  const encode = ENCODE[message.type] as (message: Control) => Bytes
  return join(u8(TYPE_CODE[message.type]), encode(message))
}

/** @throws E2eeError E_VERSION for a type not spoken here, E_SHORT, E_TRAILING, E_LEN or E_STREAM. */
export function decodeControl(plaintext: Uint8Array): Control {
  const reader = new Reader(plaintext)
  const code = reader.u8()
  const type = (Object.keys(TYPE_CODE) as ControlType[]).find((name) => TYPE_CODE[name] === code)
  if (type === undefined) throw new E2eeError('E_VERSION')
  const message = DECODE[type](reader)
  reader.end()
  return message
}

const ENCODE = {
  'sender-key': (message: SenderKey) =>
    join(
      u32(message.gen),
      u16(message.step),
      message.baseKey,
      u8((message.ackWanted ? FLAG_ACK : 0) | (message.hard ? FLAG_HARD : 0)),
      u64(message.timeMs),
      message.rosterDigest,
      u32(message.rosterCount),
      u8(message.streams.length),
      ...message.streams.map(({ idx, kind, codec }) =>
        Uint8Array.of(idx, KIND_NUMBER[kind], CODEC_NUMBER[codec]),
      ),
    ),
  'key-ack': (message: KeyAck) => join(u32(message.gen), u16(message.step), message.rosterDigest),
  'key-req': (message: KeyReq) => join(u32(message.gen), u16(message.step)),
  bye: () => new Uint8Array(0),
  roster: (message: Roster) =>
    join(
      u16(message.members.length),
      ...message.members.map(({ memberId, helloHash }) => join(fromHex(memberId, 16), helloHash)),
      u16(message.decisions.length),
      ...message.decisions.map((decision) => vec(decision)),
    ),
} satisfies { [T in ControlType]: (message: Extract<Control, { type: T }>) => Bytes }

const DECODE = {
  'sender-key': decodeSenderKey,
  'key-ack': (reader: Reader): KeyAck => ({
    type: 'key-ack',
    gen: reader.u32(),
    step: reader.u16(),
    rosterDigest: reader.bytes(32),
  }),
  'key-req': (reader: Reader): KeyReq => ({
    type: 'key-req',
    gen: reader.u32(),
    step: reader.u16(),
  }),
  bye: (): Bye => ({ type: 'bye' }),
  roster: decodeRoster,
} satisfies { [T in ControlType]: (reader: Reader) => Extract<Control, { type: T }> }

function decodeSenderKey(reader: Reader): SenderKey {
  const gen = reader.u32()
  const step = reader.u16()
  const baseKey = reader.bytes(BASE_KEY_BYTES)
  const flags = reader.u8()
  // A flag unknown here may change what the key is for: better no key than the wrong use of one.
  if ((flags & ~(FLAG_ACK | FLAG_HARD)) !== 0) throw new E2eeError('E_LEN')
  return {
    type: 'sender-key',
    gen,
    step,
    baseKey,
    ackWanted: (flags & FLAG_ACK) !== 0,
    hard: (flags & FLAG_HARD) !== 0,
    timeMs: reader.u64(),
    rosterDigest: reader.bytes(32),
    rosterCount: reader.u32(),
    streams: decodeStreams(reader),
  }
}

/** Every member uses the same index for a kind; a descriptor that does not is refused with the whole key. */
function decodeStreams(reader: Reader): readonly SealedStream[] {
  const streams: SealedStream[] = []
  for (let left = reader.u8(); left > 0; left--) {
    const idx = reader.u8()
    const stream = streamOf(nameOf(KIND_NUMBER, reader.u8()), nameOf(CODEC_NUMBER, reader.u8()))
    if (stream?.idx !== idx || streams.some((known) => known.idx === idx)) {
      throw new E2eeError('E_STREAM')
    }
    streams.push(stream)
  }
  return streams
}

/** Null for a kind or codec not spoken here, and for data that claims a codec or media without one. */
function streamOf(
  kind: SealedStream['kind'] | null,
  codec: SealedStream['codec'] | null,
): SealedStream | null {
  if (kind === null || codec === null || (kind === 'data') !== (codec === 'none')) return null
  return kind === 'data' || codec === 'none' ? DATA : { idx: STREAM_INDEX[kind], kind, codec }
}

function decodeRoster(reader: Reader): Roster {
  const count = reader.u16()
  if (count > MAX_ROSTER) throw new E2eeError('E_LEN')
  const members: Roster['members'][number][] = []
  while (members.length < count) {
    const memberId = toHex(reader.bytes(16)) as MemberId
    members.push({ memberId, helloHash: reader.bytes(32) })
  }
  const handedOn = reader.u16()
  if (handedOn > MAX_DECISIONS) throw new E2eeError('E_LEN')
  const decisions: Bytes[] = []
  while (decisions.length < handedOn) decisions.push(reader.vec())
  return { type: 'roster', members, decisions }
}

function nameOf<T extends string>(codes: Readonly<Record<T, number>>, code: number): T | null {
  return (Object.keys(codes) as T[]).find((name) => codes[name] === code) ?? null
}
