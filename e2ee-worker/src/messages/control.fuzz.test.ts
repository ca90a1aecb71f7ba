/** H16 every message another member or the TCS can send: refused with a code, or the one encoding of what it says. */
import { describe, expect, it } from 'vitest'
import { FUZZ_TIMEOUT_MS, fuzz } from '../../test/mutate.ts'
import { hex, kat } from '../../test/kat.ts'
import type { MemberId } from '../protocol.ts'
import { decodeBroadcast, signBroadcast } from './broadcast.ts'
import { decodeChat, encodeChat } from './chat-text.ts'
import { decodeEnvelope } from './envelope.ts'
import { decodeHello, encodeBody } from './hello.ts'
import { identityOf } from '../trust/identity.ts'
import { decodeControl, encodeControl, type Control } from './control.ts'
import { decodeStatement, encodeStatement, type Statement } from './statements.ts'
import { fromHex, join, u32, u64, u8, vec, type Bytes } from '../wire.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const BOB = 'b04220636da827524b21f44cd99738f1' as MemberId
const bytes = (length: number): Bytes => Uint8Array.from({ length }, (_, i) => i)

function envelope(kemCt: Bytes, ciphertext: Bytes): Bytes {
  const ids = [u8(2), u8(1), fromHex(ALICE, 16), fromHex(BOB, 16)]
  return join(...ids, u32(3), u32(4), u64(5), vec(kemCt), vec(ciphertext))
}

const fields = {
  suite: 2,
  ...{ token: kat.member_A.token, ikPub: bytes(65), nonce: bytes(32), epoch: 2 },
  ...{ ekPub: bytes(65), kemPub: bytes(1184), createdMs: 1_767_225_600_000 },
  ...{ prevHash: bytes(32), pskId: bytes(8) },
}

const streams = [
  { idx: 0, kind: 'audio', codec: 'opus' },
  { idx: 1, kind: 'video', codec: 'vp8' },
] as const
const key = { gen: 7, step: 3, baseKey: bytes(64), timeMs: 1_767_225_600_000, rosterCount: 3 }
const member = { memberId: ALICE, helloHash: bytes(32) }

const CONTROLS: readonly Control[] = [
  {
    ...{ type: 'sender-key', ...key, ackWanted: true, hard: false, rosterDigest: bytes(32) },
    streams,
  },
  { type: 'key-ack', gen: 7, step: 3, rosterDigest: bytes(32) },
  { type: 'key-req', gen: 7, step: 3 },
  { type: 'bye' },
  { type: 'roster', members: [member, { ...member, memberId: BOB }], decisions: [bytes(40)] },
]

const sent = [{ idx: 1, ctr: 4000 }]
const sid = bytes(16)
const hashes = bytes(24)

const STATEMENTS: readonly Statement[] = [
  {
    ...{ type: 'presence', scope: 0, rosterDigest: bytes(32), rosterCount: 3 },
    ...{ gen: 7, step: 3, sent: [...sent, { idx: 0, ctr: 2 }] },
  },
  { type: 'leave' },
  { type: 'removal', memberId: BOB, jkt: 'A'.repeat(43) },
  { type: 'lock', locked: true, timeMs: 1_767_225_600_000 },
  { type: 'code-commit', sid, commit: bytes(32) },
  { type: 'code-ack', sid, digest: bytes(32) },
  { type: 'code-reveal', sid, r: bytes(32) },
  { type: 'code-result', sid, equal: true },
  { type: 'chat', sealed: bytes(60) },
  {
    type: 'vouch',
    entries: [
      { stream: 0, gen: 7, step: 3, firstCtr: 100, hashes },
      { stream: 1, gen: 7, step: 4, firstCtr: 5, hashes: bytes(8) },
    ],
  },
]

/** Both verdicts came up: a parser that refuses everything has not been tried at all. */
function expectBoth({ accepted, refused }: { accepted: number; refused: number }): void {
  expect(accepted).toBeGreaterThan(1000)
  expect(refused).toBeGreaterThan(1000)
}

describe('H16', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('HELLO', () => {
    const suite1 = { ...fields, suite: 1, kemPub: bytes(0), epoch: 1 }
    const corpus = [fields, suite1].map((hello) => join(encodeBody(hello), bytes(64)))
    const known = [hex(kat.member_A.suite1.hello)]
    expectBoth(
      fuzz([...corpus, ...known], (input) => {
        const hello = decodeHello(input)
        return join(encodeBody(hello), hello.signature)
      }),
    )
  })

  it('envelope', () => {
    const corpus = [envelope(bytes(0), bytes(160)), envelope(bytes(1088), bytes(160))]
    expectBoth(
      fuzz(corpus, (input) => {
        const { from, to, epochFrom, epochTo, seq, kemCt, ciphertext } = decodeEnvelope(input)
        const ids = [u8(2), u8(1), fromHex(from, 16), fromHex(to, 16)]
        return join(...ids, u32(epochFrom), u32(epochTo), u64(seq), vec(kemCt), vec(ciphertext))
      }),
    )
  })

  it('broadcast', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const identity = await identityOf(
      await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']),
    )
    const corpus = STATEMENTS.map((statement) =>
      signBroadcast({ from: ALICE, seq: 9, ...encodeStatement(statement) }, 's_1', identity),
    )
    expectBoth(
      fuzz(await Promise.all(corpus), (input) => {
        const { from, seq, type, body, signature } = decodeBroadcast(input)
        return join(u8(3), u8(1), fromHex(from, 16), u64(seq), u8(type), vec(body), signature)
      }),
    )
  })

  it.each(CONTROLS)('what an envelope carries: $type', (message) => {
    expectBoth(fuzz([encodeControl(message)], (input) => encodeControl(decodeControl(input))))
  })

  it.each(STATEMENTS)('what a broadcast states: $type', (statement) => {
    const { type, body } = encodeStatement(statement)
    expectBoth(fuzz([body], (input) => encodeStatement(decodeStatement(type, input)).body))
  })

  it('the text of a chat message, of which controls are taken out', () => {
    const corpus = [encodeChat({ text: 'Où ? 👩‍🔬\nLà', timeMs: 1_767_225_600_000 })]
    const result = fuzz(corpus, (input) => {
      const said = decodeChat(input)
      const again = decodeChat(encodeChat(said))
      if (again.text !== said.text || again.timeMs !== said.timeMs) throw new Error('not the same')
      return input
    })
    expectBoth(result)
  })
})
