/**
 * What signed broadcasts state: presence, leaving, the decisions of moderators, the meeting code, chat, and vouching.
 *
 * The layouts of the bodies are in docs/protocol.md.
 */
import { base64url } from 'jose'
import { E2eeError } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { DECODE_CODE, ENCODE_CODE, type CodeStatement } from './code-statements.ts'
import { MAX_STEP } from '../keys/kid.ts'
import { decodeVouch, encodeVouch, type Vouch } from './vouch-statement.ts'
import { Reader, fromHex, join, toHex, u16, u32, u64, u8, vec, type Bytes } from '../wire.ts'

const MAX_STREAMS = 16
const THUMBPRINT_BYTES = 32

/** How far a stream has been sent under the key the presence names. */
interface SentMark {
  readonly idx: number
  /** The highest counter sent. */
  readonly ctr: number
}

/** Said every 20 s: whom I regard as present, which key I use, and how far I have sent. */
export interface Presence {
  readonly type: 'presence'
  /** Whom the digest covers. 0: everybody; 1: publishers only. */
  readonly scope: 0 | 1
  readonly rosterDigest: Bytes
  readonly rosterCount: number
  /** Generation and step in use; zero, with no streams, before the first key. */
  readonly gen: number
  readonly step: number
  readonly sent: readonly SentMark[]
}

/** The end of the sender's session. */
interface Leave {
  readonly type: 'leave'
}

/** A moderator puts a member out, with every later session of the same device. */
export interface Removal {
  readonly type: 'removal'
  readonly memberId: MemberId
  /** RFC 7638 thumbprint of the member's device key, base64url: newcomers never saw the member's HELLO. */
  readonly jkt: string
}

/** A moderator closes the meeting to newcomers, or opens it again. */
export interface Lock {
  readonly type: 'lock'
  readonly locked: boolean
  /** TMMS time. Of two moderators the later decision counts, in whatever order they arrive. */
  readonly timeMs: number
}

/** Text for everybody, sealed under stream 15 of its author's sender key. */
interface ChatStatement {
  readonly type: 'chat'
  /** SFrame: header || ciphertext || tag. */
  readonly sealed: Bytes
}

export type Statement = Presence | Leave | Removal | Lock | CodeStatement | ChatStatement | Vouch
export type StatementType = Statement['type']

const TYPE_CODE = {
  ...{ presence: 1, leave: 2, removal: 3, lock: 4 },
  ...{ 'code-commit': 5, 'code-ack': 6, 'code-reveal': 7, 'code-result': 8 },
  ...{ chat: 9, vouch: 10 },
} as const satisfies Record<StatementType, number>

export const STATEMENT_TYPES = Object.keys(TYPE_CODE) as readonly StatementType[]

export function encodeStatement(statement: Statement): {
  readonly type: number
  readonly body: Bytes
} {
  const encode = ENCODE[statement.type] as (statement: Statement) => Bytes
  return { type: TYPE_CODE[statement.type], body: encode(statement) }
}

/** @throws E2eeError E_VERSION for a type not spoken here, E_SHORT, E_TRAILING or E_LEN. */
export function decodeStatement(code: number, body: Uint8Array): Statement {
  const type = STATEMENT_TYPES.find((name) => TYPE_CODE[name] === code)
  if (type === undefined) throw new E2eeError('E_VERSION')
  const reader = new Reader(body)
  const statement = DECODE[type](reader)
  reader.end()
  return statement
}

const ENCODE = {
  presence: ({ scope, rosterDigest, rosterCount, gen, step, sent }: Presence) =>
    join(
      u8(scope),
      rosterDigest,
      u32(rosterCount),
      u32(gen),
      u16(step),
      u8(sent.length),
      ...sent.map(({ idx, ctr }) => join(u8(idx), u32(ctr))),
    ),
  leave: () => new Uint8Array(0),
  removal: ({ memberId, jkt }: Removal) =>
    join(fromHex(memberId, 16), exactly(base64url.decode(jkt), THUMBPRINT_BYTES)),
  lock: ({ locked, timeMs }: Lock) => join(u8(locked ? 1 : 0), u64(timeMs)),
  ...ENCODE_CODE,
  chat: ({ sealed }: ChatStatement) => vec(sealed),
  vouch: encodeVouch,
} satisfies { [T in StatementType]: (statement: Extract<Statement, { type: T }>) => Bytes }

const DECODE = {
  presence: decodePresence,
  leave: (): Leave => ({ type: 'leave' }),
  removal: (reader: Reader): Removal => ({
    type: 'removal',
    memberId: toHex(reader.bytes(16)) as MemberId,
    jkt: base64url.encode(reader.bytes(THUMBPRINT_BYTES)),
  }),
  lock: (reader: Reader): Lock => ({
    type: 'lock',
    locked: reader.bit() === 1,
    timeMs: reader.u64(),
  }),
  ...DECODE_CODE,
  chat: (reader: Reader): ChatStatement => ({ type: 'chat', sealed: reader.vec() }),
  vouch: decodeVouch,
} satisfies { [T in StatementType]: (reader: Reader) => Extract<Statement, { type: T }> }

function decodePresence(reader: Reader): Presence {
  const scope = reader.bit()
  const rosterDigest = reader.bytes(32)
  const rosterCount = reader.u32()
  const gen = reader.u32()
  const step = reader.u16()
  if (step > MAX_STEP) throw new E2eeError('E_LEN')
  const sent: SentMark[] = []
  for (let left = reader.u8(); left > 0; left--) {
    const mark = { idx: reader.u8(), ctr: reader.u32() }
    const known = sent.some(({ idx }) => idx === mark.idx)
    if (known || mark.idx >= MAX_STREAMS) throw new E2eeError('E_LEN')
    sent.push(mark)
  }
  return { type: 'presence', scope, rosterDigest, rosterCount, gen, step, sent }
}

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.byteLength !== length) throw new E2eeError('E_LEN')
  return bytes
}
