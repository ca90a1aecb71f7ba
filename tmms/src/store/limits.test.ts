import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Counts } from '../../test/limit-child.ts'
import { sqliteDialect } from './sqlite.ts'
import { openStore, type Store } from './store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = 1_790_000_000_000
const child = join(import.meta.dirname, '../../test/limit-child.ts')

let folder: string
let store: Store
let nowMs = START
beforeEach(async () => {
  nowMs = START
  folder = mkdtempSync(join(tmpdir(), 'tmms-limits-'))
  store = await openStore(sqliteDialect(':memory:'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const onDisk = async (): Promise<void> => {
  await store.close()
  store = await openStore(sqliteDialect(file()))
}
const file = (): string => join(folder, 'huisclos.db')
const place = (key: string) => ({ name: 'test', key })

describe('a bucket', () => {
  const bucket = { capacity: 2, intervalMs: 2_000 }
  const take = (key = 'a', rows = store) => rows.limits.takeOf(bucket, place(key), nowMs)

  it('gives what it holds and refills with time', async () => {
    const taken = async (key?: string) => (await take(key)).taken
    expect([await taken(), await taken(), await taken()]).toEqual([true, true, false])
    expect(await taken('b')).toBe(true)
    expect(await take()).toEqual({ taken: false, waitMs: 2_000 })
    nowMs += 1_999
    expect(await take()).toEqual({ taken: false, waitMs: 1 })
    nowMs += 1
    expect([await taken(), await taken()]).toEqual([true, false])
    nowMs += HOUR
    expect([await taken(), await taken(), await taken()]).toEqual([true, true, false])
  })

  it('takes back what was not used, and never holds more than it can', async () => {
    await take()
    await take()
    await store.limits.giveBackTo(bucket, place('a'))
    expect([(await take()).taken, (await take()).taken]).toEqual([true, false])
    nowMs += HOUR
    for (let n = 0; n < 5; n += 1) await store.limits.giveBackTo(bucket, place('a'))
    const more = [await take(), await take(), await take()]
    expect(more.map(({ taken }) => taken)).toEqual([true, true, false])
  })

  it('Q10 remembers after a restart', async () => {
    await onDisk()
    await take()
    await take()
    await onDisk()
    expect(await take()).toEqual({ taken: false, waitMs: 2_000 })
  })

  it('O7 a clock that was set back gives nothing back and locks nobody out', async () => {
    await take()
    await take()
    nowMs -= HOUR
    expect((await take()).taken).toBe(true)
    expect(await take()).toEqual({ taken: false, waitMs: 2_000 })
    nowMs += 2_000
    expect((await take()).taken).toBe(true)
  })

  it('Q8 of many who take at once no more get through than it holds', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => take()))
    expect(all.filter(({ taken }) => taken)).toHaveLength(2)
  })
})

describe('A4 delays', () => {
  const delays = {
    free: 5,
    delaysMs: [1, 2, 4, 8, 15].map((minutes) => minutes * MINUTE),
    forgetMs: { free: HOUR, delayed: 24 * HOUR },
  }
  const take = () => store.limits.takeDelayed(delays, place('ada'), nowMs)
  const takeMany = async (times: number) => {
    for (let n = 0; n < times; n += 1) expect((await take()).taken).toBe(true)
  }

  it('five failures are 1 minute, then 2, 4, 8, 15, and 15 for ever: no hard lock', async () => {
    await takeMany(4)
    for (const minutes of [1, 2, 4, 8, 15, 15, 15]) {
      await takeMany(1)
      expect(await take()).toEqual({ taken: false, waitMs: minutes * MINUTE })
      nowMs += minutes * MINUTE
    }
  })

  it('a success, a day without failures, or an hour after a few, forgets them', async () => {
    await takeMany(5)
    await store.limits.forget(place('ada'))
    await takeMany(5)
    nowMs += 25 * HOUR
    await takeMany(4)
    nowMs += 2 * HOUR
    await takeMany(5)
    expect((await take()).taken).toBe(false)
  })

  it('O7 a clock that was set back locks nobody out, and goes on counting', async () => {
    await takeMany(5)
    nowMs -= 24 * HOUR
    await takeMany(1)
    expect(await take()).toEqual({ taken: false, waitMs: 2 * MINUTE })
  })
})

describe('what may be used once', () => {
  const use = (key = 'proof') => store.limits.useOnce(place(key), nowMs + MINUTE)

  it('T4 is used once, after a restart and with a clock set back as well', async () => {
    await onDisk()
    expect([await use(), await use(), await use('other')]).toEqual([true, false, true])
    await onDisk()
    nowMs -= HOUR
    expect(await use()).toBe(false)
  })

  it('is forgotten when its time is over', async () => {
    await use()
    await store.limits.purge('test', nowMs + MINUTE - 1, 100)
    expect(await use()).toBe(false)
    await store.limits.purge('test', nowMs + MINUTE, 100)
    expect(await use()).toBe(true)
  })

  it('no more is kept than is asked for, of the latest', async () => {
    for (let n = 0; n < 10; n += 1) {
      await store.limits.useOnce(place(String(n)), nowMs + n)
      await store.limits.useOnce({ name: 'other', key: String(n) }, nowMs + n)
    }
    await store.limits.purge('test', nowMs - 1, 3)
    const used = (name: string, n: number) => store.limits.useOnce({ name, key: String(n) }, 0)
    expect([await used('test', 6), await used('test', 7), await used('other', 0)]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('Q10 two processes on one database', () => {
  const running: ChildProcess[] = []
  afterEach(() => {
    for (const process of running.splice(0)) process.kill()
  })

  it('let no more through together than one may, nor does the next after kill -9', async () => {
    await onDisk()
    const both = [0, 1].map(() => fork(child, [file(), String(START)]))
    running.push(...both)
    const gone = both.map((process) => once(process, 'exit'))
    // Both begin when both are ready.
    await Promise.all(both.map((process) => once(process, 'message')))
    const counts = both.map(async (process) => (await once(process, 'message'))[0] as Counts)
    for (const process of both) process.send('go')
    const [one, other] = (await Promise.all(counts)) as [Counts, Counts]
    expect({
      bucket: one.bucket + other.bucket,
      delays: one.delays + other.delays,
      once: one.once + other.once,
    }).toEqual({ bucket: 20, delays: 5, once: 10 })
    for (const process of both) process.kill('SIGKILL')
    await Promise.all(gone)
    await onDisk()
    const bucket = { capacity: 20, intervalMs: 1_000 }
    expect((await store.limits.takeOf(bucket, place('bucket'), START)).taken).toBe(false)
    expect(await store.limits.useOnce(place('once 1'), START)).toBe(false)
  })
})

describe('haste', () => {
  it('ends with its transaction, and when that fails', async () => {
    await store.close()
    const haste = { begin: 'CREATE TABLE hasty (x)', end: 'DROP TABLE hasty' }
    store = await openStore(Object.assign(sqliteDialect(':memory:'), { haste }))
    const failing = store.hastily(async ({ limits }) => {
      await limits.useOnce(place('undone'), START)
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    const use = () => store.hastily(({ limits }) => limits.useOnce(place('undone'), START))
    expect([await use(), await use()]).toEqual([true, false])
  })
})
