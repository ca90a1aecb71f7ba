import { beforeEach, describe, expect, test } from 'vitest'
import {
  leavesOf,
  logKey,
  naiveConsistency,
  noteOf,
  type Leaves,
  type LogKey,
} from '../../test/naive-tree.ts'
import { ORIGIN, START_S, fakeTmms, signKeySet, type FakeTmms } from '../../test/tmms.ts'
import { witnessLog, type LogSource } from './log-witness.ts'
import { memoryStore, type Store } from './store.ts'

const NAME = 'tmms.example/audit'
const request = { origin: ORIGIN, nowMs: START_S * 1000, accept: false }
let tmms: FakeTmms
let key: LogKey
let store: Store
beforeEach(async () => {
  tmms = await fakeTmms()
  key = logKey()
  store = memoryStore()
})

interface Server {
  readonly leaves: Leaves
  readonly root?: FakeTmms
  readonly signer?: LogKey
  /** What the key set certifies. */
  readonly certified?: readonly LogKey[]
  readonly more?: Partial<LogSource>
}

async function source(server: Server): Promise<LogSource> {
  const { leaves, root = tmms, signer = key, certified = [key], more = {} } = server
  const audit = certified.map(({ jwk }) => jwk)
  const payload = { keys: [root.tokenJwk], tcs: [], audit, chain: [] }
  const keySet = await signKeySet(root.rootKey, root.rootJwk, payload)
  return {
    keySet: () => Promise.resolve(keySet),
    checkpoint: () => Promise.resolve(noteOf(NAME, leaves, signer)),
    consistency: (from, to) =>
      Promise.resolve(
        naiveConsistency(from, leaves.slice(0, to)).map((hash) => hash.toString('base64')),
      ),
    ...more,
  }
}

const look = async (server: Server, accept = false) =>
  witnessLog(await source(server), store, { ...request, accept })
const seenSize = async () => Number((await store.seenLog(ORIGIN))?.split('\n')[1])

describe('a log that only grew', () => {
  test('is sound at first sight, when nothing happened, and at each later size', async () => {
    for (const size of [1, 1, 2, 3, 7, 8, 8, 30]) {
      expect(await look({ leaves: leavesOf(size) })).toBe('sound')
      expect(await seenSize()).toBe(size)
    }
  })

  test('stays so with another certified key', async () => {
    await look({ leaves: leavesOf(4) })
    const next = logKey()
    expect(await look({ leaves: leavesOf(9), signer: next, certified: [key, next] })).toBe('sound')
  })

  test('that another tab saw further is not taken back by a slow one', async () => {
    await look({ leaves: leavesOf(4) })
    const slow = await source({ leaves: leavesOf(6) })
    const checkpoint = async () => {
      await look({ leaves: leavesOf(9) })
      return slow.checkpoint()
    }
    expect(await witnessLog({ ...slow, checkpoint }, store, request)).toBe('sound')
    expect(await seenSize()).toBe(9)
  })
})

describe('what contradicts what this browser saw', () => {
  beforeEach(() => look({ leaves: leavesOf(8) }))

  test('is a rollback when the log is shorter, as after restoring an older database', async () => {
    expect(await look({ leaves: leavesOf(7) })).toBe('rollback')
    expect(await seenSize()).toBe(8)
  })

  test('is a fork when the log was rewritten with the stolen key, shorter, as long, or longer', async () => {
    const other = (size: number) => [...leavesOf(5), ...leavesOf(size - 5, 'other')]
    expect(await look({ leaves: other(7) })).toBe('rollback')
    for (const size of [8, 9, 16, 40]) expect(await look({ leaves: other(size) })).toBe('fork')
    expect(await seenSize()).toBe(8)
    expect(await look({ leaves: leavesOf(20) })).toBe('sound')
  })

  test('is a fork when the proof is none', async () => {
    const wrong = [[], ['x'], ['A'.repeat(43) + '='], [1, 2]]
    for (const proof of wrong) {
      const more = { consistency: () => Promise.resolve(proof) }
      expect(await look({ leaves: leavesOf(11), more })).toBe('fork')
    }
  })

  test('is uncertified when no key of the key set signed it', async () => {
    expect(await look({ leaves: leavesOf(9), signer: logKey() })).toBe('uncertified')
    expect(await look({ leaves: leavesOf(9), certified: [] })).toBe('uncertified')
  })

  test('is uncertified when the key set is not that of the pinned root', async () => {
    await store.keepPin(ORIGIN, { thumbprint: tmms.pin, source: 'link', since: 1 })
    const stranger = await fakeTmms()
    expect(await look({ leaves: leavesOf(9), root: stranger })).toBe('uncertified')
    expect(await look({ leaves: leavesOf(9) })).toBe('sound')
  })

  test('is unproved when the server refuses to show it', async () => {
    const nothing = () => Promise.resolve(null)
    for (const name of ['keySet', 'checkpoint', 'consistency'] as const) {
      expect(await look({ leaves: leavesOf(9), more: { [name]: nothing } })).toBe('unproved')
    }
    expect(await seenSize()).toBe(8)
  })

  test('is not judged without an answer', async () => {
    const gone = () => Promise.reject(new Error('offline'))
    for (const name of ['keySet', 'checkpoint', 'consistency'] as const) {
      await expect(look({ leaves: leavesOf(9), more: { [name]: gone } })).rejects.toThrow('offline')
    }
  })

  test('is forgiven when the person says so, and only if it is certified', async () => {
    const other = leavesOf(6, 'other')
    expect(await look({ leaves: other, signer: logKey() }, true)).toBe('uncertified')
    expect(await look({ leaves: other }, true)).toBe('sound')
    expect(await seenSize()).toBe(6)
    expect(await look({ leaves: [...other, ...leavesOf(1)] })).toBe('sound')
    expect(await look({ leaves: leavesOf(9) })).toBe('fork')
  })
})

test('a root that was never pinned is not pinned by looking at the log', async () => {
  expect(await look({ leaves: leavesOf(2) })).toBe('sound')
  expect(await store.pin(ORIGIN)).toBeUndefined()
})
