import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { sqliteDialect } from '../../store/sqlite.ts'
import { openStore, type Store } from '../../store/store.ts'
import { signCheckpoint } from './checkpoint.ts'
import { rawPublicKey } from './note.ts'
import { exportLog } from './read-log.ts'
import { record } from './record.ts'
import { verifyExport, type Evidence } from './verify-export.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const key = rawPublicKey(privateKey)
const now = () => 1_790_000_000_000

interface Exported {
  readonly text: string
  readonly note: string
}

async function grow(store: Store, count: number, word: string): Promise<Exported> {
  for (let n = 0; n < count; n++) {
    await store.atomically((rows) =>
      record(rows, { account: null, from: '192.0.2.1' }, now(), {
        action: 'sign-in-refused',
        object: { kind: 'account', id: '', name: `${word} ${n} é` },
        details: { reason: 'wrong-credentials', times: n },
      }),
    )
  }
  return exported(store, privateKey)
}

async function exported(store: Store, by: typeof privateKey): Promise<Exported> {
  const log = { origin: 'meet.example.org/audit', key: by }
  const checkpoint = await signCheckpoint({ store, now }, log)
  let text = ''
  for await (const piece of exportLog(store, checkpoint)) text += piece
  return { text, note: checkpoint.note }
}

let small: Exported
let whole: Exported
let rewritten: Exported
beforeAll(async () => {
  const store = await openStore(sqliteDialect(':memory:'))
  small = await grow(store, 3, 'first')
  whole = await grow(store, 4, 'then')
  await store.close()
  const other = await openStore(sqliteDialect(':memory:'))
  rewritten = await grow(other, 7, 'made up')
  await other.close()
})

const verify = (text: string | Uint8Array, evidence: Evidence = { key }) =>
  verifyExport([typeof text === 'string' ? Buffer.from(text) : text], evidence)
const sentence = async (text: string | Uint8Array, evidence?: Evidence) => {
  const verdict = await verify(text, evidence)
  return verdict.ok ? 'sound' : verdict.sentence
}
const lines = () => whole.text.split('\n').slice(0, -1)
const joined = (some: readonly string[]) => some.map((line) => `${line}\n`).join('')

describe('an export as it was signed', () => {
  test('is sound, in pieces of any length, alone and with an older checkpoint', async () => {
    const bytes = Buffer.from(whole.text)
    const bits = [...bytes].map((byte) => Uint8Array.of(byte))
    expect(await verifyExport(bits, { key })).toMatchObject({ ok: true, entries: 7 })
    expect(await sentence(whole.text, { key, checkpoint: small.note })).toBe('sound')
    expect(await sentence(whole.text, { key, checkpoint: whole.note })).toBe('sound')
    expect(await sentence(whole.text, {})).toBe('sound')
  })

  test('of an empty log is sound', async () => {
    const store = await openStore(sqliteDialect(':memory:'))
    expect(await sentence((await exported(store, privateKey)).text)).toBe('sound')
    await store.close()
  })
})

describe('an export that was tampered with is found, and the line is named', () => {
  test('every flipped bit', async () => {
    const bytes = Buffer.from(whole.text)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect((await verify(altered)).ok, `bit ${bit}`).toBe(false)
    }
  })

  test('every line removed, doubled, moved or put in from elsewhere', async () => {
    const all = lines()
    const foreign = rewritten.text.split('\n')
    for (let at = 0; at < all.length; at++) {
      expect(await sentence(joined(all.toSpliced(at, 1))), `removed ${at}`).toMatch(/line/i)
      expect(await sentence(joined(all.toSpliced(at, 0, all[at]!))), `doubled ${at}`).toMatch(
        /line/i,
      )
      expect(await sentence(joined(all.toSpliced(at, 1, foreign[at]!))), `other ${at}`).toMatch(
        /line/i,
      )
      for (let to = 0; to < all.length; to++) {
        const moved = all.toSpliced(at, 1).toSpliced(to, 0, all[at]!)
        if (to !== at) expect((await verify(joined(moved))).ok, `${at} to ${to}`).toBe(false)
      }
    }
  })

  test('every cut, wherever it is', async () => {
    for (let end = 0; end < whole.text.length; end++) {
      expect((await verify(whole.text.slice(0, end))).ok, `cut at ${end}`).toBe(false)
    }
  })

  test('whatever is done to its bytes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(80),
        fc.uint8Array({ maxLength: 80 }),
        async (at, gone, put) => {
          const bytes = Buffer.from(whole.text)
          const start = at % bytes.length
          const altered = Buffer.concat([
            bytes.subarray(0, start),
            put,
            bytes.subarray(start + gone),
          ])
          if (!altered.equals(bytes)) expect((await verify(altered)).ok).toBe(false)
        },
      ),
    ))

  test.each<[string, (all: string[]) => string[], string]>([
    [
      'an altered line',
      (all) => all.with(2, all[2]!.replace('first', 'First')),
      'Line 4 does not follow the line before it: line 3 or line 4 was altered.',
    ],
    [
      'a line in another form',
      (all) => all.with(2, all[2]!.replace(',', ', ')),
      'Line 3 was altered: it is no entry as the server writes them.',
    ],
    [
      'a removed line',
      (all) => all.toSpliced(2, 1),
      'Line 3 holds entry 3 where entry 2 belongs: a line was removed, added or moved.',
    ],
    [
      'an altered last entry',
      (all) => all.with(6, all[6]!.replace('then', 'Then')),
      'The entries are not those that the checkpoint is for: line 7 was altered, or many were.',
    ],
    [
      'a removed last entry',
      (all) => all.toSpliced(6, 1),
      'Line 7, the checkpoint, is for 7 entries, and there are 6: lines before it are missing.',
    ],
    [
      'a line behind the checkpoint',
      (all) => [...all, all[0]!],
      'Something follows the checkpoint: line 9 was added.',
    ],
    [
      'no checkpoint',
      (all) => all.slice(0, -1),
      'The export ends behind line 7 without a checkpoint: its tail was cut.',
    ],
  ])('%s, in these words', async (_, change, words) => {
    expect(await sentence(joined(change(lines())))).toBe(words)
  })
})

describe('an older checkpoint', () => {
  test('finds a tail that was cut before it was signed', async () => {
    expect(await sentence(small.text, { key, checkpoint: whole.note })).toBe(
      'The export ends behind line 3, and the older checkpoint is for 7 entries: its tail was cut.',
    )
  })

  test('finds a log that was rewritten whole with the key of the server', async () => {
    expect(await sentence(rewritten.text)).toBe('sound')
    expect(await sentence(rewritten.text, { key, checkpoint: small.note })).toBe(
      'The first 3 lines are not those that the older checkpoint is for: the log was rewritten.',
    )
  })

  test('is itself refused when it was altered', async () => {
    const checkpoint = small.note.replace('\n3\n', '\n2\n')
    expect(await sentence(whole.text, { key, checkpoint })).toBe(
      'The older checkpoint is damaged, or signed by another key.',
    )
  })
})

test('a log that another key signed is found by the key', async () => {
  const store = await openStore(sqliteDialect(':memory:'))
  const { text } = await exported(store, generateKeyPairSync('ed25519').privateKey)
  expect(await sentence(text)).toBe(
    'Line 1, the checkpoint, was altered, or is signed by another key.',
  )
  expect(await sentence(text, {})).toBe('sound')
  await store.close()
})

test('a line far longer than any entry is named, and read no further', async () => {
  let read = 0
  function* endless() {
    yield Buffer.from(joined(lines().slice(0, 1)))
    for (; ; read += 1) yield Buffer.alloc(65_536, 'x', 'latin1')
  }
  const verdict = await verifyExport(endless(), { key })
  expect(verdict).toEqual({
    ok: false,
    sentence: expect.stringMatching(
      /^Line 2 was altered, .* longer than 1048576 bytes\.$/,
    ) as string,
  })
  expect(read).toBeLessThan(20)
  const whole = await sentence(`${'x'.repeat(2 ** 20 + 1)}\n`)
  expect(whole).toMatch(/^Line 1 was altered, .* longer than/)
})
