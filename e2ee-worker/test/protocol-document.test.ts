/** docs/protocol.md, section 6, against the code: each limit that another client must know stands there as its number. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/protocol.md'), 'utf8')
const section = page.slice(page.indexOf('## 6. Keys'), page.indexOf('## Codes of the end-to-end'))
const text = section.replaceAll(/\s+/g, ' ')

type Unit = 'count' | 'seconds' | 'minutes' | 'ms'

/** File, constant, its unit in the document, and the words there; `#` stands for the number. */
const LIMITS: readonly [string, string, Unit, string][] = [
  ['messages/hello.ts', 'MAX_HELLO_BYTES', 'count', 'A HELLO has at most # bytes'],
  ['trust/token.ts', 'MAX_TOKEN_CHARS', 'count', 'and its token # characters'],
  ['session/incoming/broadcasts.ts', 'MAX_REMEMBERED', 'count', '# members, 64 of them'],
  ['session/members/me.ts', 'PREVIOUS_EK_MS', 'seconds', 'are opened for # s after a new HELLO'],
  ['session/members/member.ts', 'ASK_EVERY_MS', 'seconds', 'at most one per # s and pair'],
  ['session/members/member.ts', 'MAX_ASK_MS', 'seconds', 'and then every # s'],
  ['messages/broadcast.ts', 'MAX_BROADCAST_BYTES', 'count', '(E_ENV_GAP). At most # bytes'],
  ['messages/envelope.ts', 'MAX_ENVELOPE_BYTES', 'count', 'A key message has at most # bytes'],
  ['session/incoming/inbox.ts', 'MAX_SIGNAL_BYTES', 'count', 'A key message has at most # bytes'],
  ['session/incoming/flood.ts', 'MAX_PER_SECOND', 'count', 'Of more than # messages of one member'],
  ['session/incoming/flood.ts', 'IGNORE_MS', 'seconds', 'the rest is unread for # s'],
  ['session/incoming/inbox.ts', 'AUTH_WINDOW_MS', 'seconds', '(E_ENV_AUTH) in # s are answered'],
  ['session/incoming/inbox.ts', 'RENEWAL_MS', 'seconds', 'a new HELLO: once, then # s later'],
  ['session/incoming/inbox.ts', 'MAX_RENEWAL_MS', 'minutes', 'down to once in # minutes'],
  ['messages/control.ts', 'MAX_ROSTER', 'count', 'A ROSTER lists at most # members'],
  ['messages/control.ts', 'MAX_DECISIONS', 'count', 'members and # decisions'],
  ['messages/statements.ts', 'MAX_STREAMS', 'count', 'a PRESENCE # streams'],
  ['messages/vouch-statement.ts', 'MAX_VOUCH_ENTRIES', 'count', 'a VOUCH # entries'],
  ['messages/vouch-statement.ts', 'MAX_VOUCH_HASHES', 'count', 'entries and # hashes'],
  ['messages/chat-text.ts', 'MAX_CHARACTERS', 'count', 'at most # characters. Every SENDER_KEY'],
  ['session/chat/held-chat.ts', 'MAX_HELD', 'count', 'holds up to # messages of a member'],
  ['session/chat/held-chat.ts', 'HOLD_MS', 'seconds', 'messages of a member for # s'],
  ['session/meeting-code/meeting-code.ts', 'MIN_PEOPLE', 'count', 'types 5 to 8; # to 50 members'],
  ['session/meeting-code/meeting-code.ts', 'MAX_PEOPLE', 'count', '2 to # members'],
  ['session/meeting-code/meeting-code.ts', 'ANSWER_MS', 'seconds', 'and # s without an end'],
  [
    'session/meeting-code/meeting-code.ts',
    'MAX_JOINED',
    'count',
    'At most # runs of the meeting code',
  ],
  ['session/presence/presence.ts', 'EVERY_MS', 'seconds', 'PRESENCE comes every # s'],
  ['session/presence/presence.ts', 'EVERY_WITH_MANY_MS', 'seconds', 'every # s above 300 members'],
  ['session/presence/presence.ts', 'MANY', 'count', 'every 60 s above # members'],
  ['session/presence/presence.ts', 'MISSING_CTRS', 'count', 'of which more than # frames'],
  ['session/presence/presence.ts', 'ARRIVAL_MS', 'seconds', 'have not arrived # s later'],
  ['session/presence/upkeep.ts', 'LOST_MS', 'seconds', 'or was cut off for # s'],
  ['session/presence/upkeep.ts', 'SWEEP_MS', 'seconds', 'fall out in one sweep (every # s)'],
  ['session/members/roster-check.ts', 'LATE_MS', 'seconds', 'by any list held from # s'],
  ['session/members/roster-check.ts', 'ASK_MS', 'seconds', 'after # s its sender is given our key'],
  ['session/members/roster-check.ts', 'APART_MS', 'seconds', 'a digest that came # s or more'],
  ['session/members/roster-check.ts', 'DIFFER_MS', 'seconds', 'raised for its sender # s after'],
  [
    'session/members/roster-check.ts',
    'SETTLE_MS',
    'seconds',
    'after the first and # s after the later',
  ],
  [
    'session/members/roster-check.ts',
    'CHANGING_MS',
    'seconds',
    'is judged # s after the first at most',
  ],
  ['session/rotation/rotation.ts', 'STEP_EVERY_MS', 'seconds', '| every # s | step + 1'],
  ['session/rotation/rotation.ts', 'MAX_KEY_AGE_MS', 'minutes', '| every # minutes, 2^24 frames'],
  ['session/rotation/rotation.ts', 'JOIN_SWITCH_MS', 'ms', '(1 s above 50 members) | # ms |'],
  ['session/rotation/rotation.ts', 'LEAVE_SWITCH_MS', 'seconds', '5 s above 300 members) | # s |'],
  [
    'session/rotation/rotation.ts',
    'HARD_SWITCH_MS',
    'ms',
    '| the same | – | # ms; nothing is sent',
  ],
  ['session/vouching/vouching.ts', 'EVERY_MS', 'ms', 'every # ms a sender signs'],
  ['messages/vouch-statement.ts', 'VOUCH_HASH_BYTES', 'count', 'the first # bytes of SHA-256'],
  ['session/vouching/signed-word.ts', 'KEEP_MS', 'seconds', 'keeps the hashes of # s'],
  ['session/vouching/signed-word.ts', 'MAX_HASHES', 'count', '# of a stream at most'],
  ['session/vouching/signed-word.ts', 'STRAGGLER_MS', 'seconds', 'on to a later KID # s ago'],
  [
    'session/vouching/stream-witness.ts',
    'LIMIT_MS',
    'seconds',
    'has not come so far otherwise, for # s',
  ],
  [
    'session/vouching/stream-witness.ts',
    'OVERTAKEN_MS',
    'seconds',
    'that opened # s after this one',
  ],
  ['session/vouching/stream-witness.ts', 'CLEAN_MS', 'seconds', 'is over after # s without'],
  ['sframe/replay.ts', 'REPLAY_WINDOW', 'count', 'a replay window of # frames'],
  ['trust/safety-number.ts', 'ITERATIONS', 'count', '# times; its first 30 bytes'],
]

const DIVISOR: Readonly<Record<Unit, number>> = { count: 1, ms: 1, seconds: 1000, minutes: 60_000 }

/** The value of a constant that is a number or a product of numbers. */
function constant(file: string, name: string): number {
  const source = readFileSync(join(root, 'e2ee-worker/src', file), 'utf8')
  const [, product = ''] = new RegExp(`const ${name} = ([0-9_ *]+)\\n`).exec(source) ?? []
  return product.split('*').reduce((value, factor) => value * Number(factor.replaceAll('_', '')), 1)
}

/** As the document writes numbers: groups of three from five digits on. */
function written(value: number): string {
  return value < 10_000 ? String(value) : String(value).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
}

test.each(LIMITS)('%s: %s stands in the document in %s', (file, name, unit, words) => {
  const value = constant(file, name) / DIVISOR[unit]
  expect(value).toBeGreaterThan(0)
  expect(text).toContain(words.replace('#', written(value)))
})
