/** Takes what it can from three limits: `fork(limit-child.ts, [database, now])`; says when it is ready, waits for a word. */
import { once } from 'node:events'
import { sqliteDialect } from '../src/store/sqlite.ts'
import { openStore, type Rows } from '../src/store/store.ts'

export interface Counts {
  readonly bucket: number
  readonly delays: number
  readonly once: number
}

const TAKES = 60
const [path = '', now = '0'] = process.argv.slice(2)
const nowMs = Number(now)
const bucket = { capacity: 20, intervalMs: 1_000 }
const delays = { free: 5, delaysMs: [60_000], forgetMs: { free: 60_000, delayed: 60_000 } }
const place = (key: string) => ({ name: 'test', key })

const store = await openStore(sqliteDialect(path))
process.send?.('ready')
await once(process, 'message')
const [ofBucket, ofDelays, ofOnce] = await Promise.all([
  count(async ({ limits }) => (await limits.takeOf(bucket, place('bucket'), nowMs)).taken),
  count(async ({ limits }) => (await limits.takeDelayed(delays, place('delays'), nowMs)).taken),
  count(({ limits }, n) => limits.useOnce(place(`once ${n % 10}`), nowMs)),
])
// Listens, and so lives, until it is killed.
process.on('message', () => undefined)
process.send?.({ bucket: ofBucket, delays: ofDelays, once: ofOnce } satisfies Counts)

async function count(take: (rows: Rows, n: number) => Promise<boolean>): Promise<number> {
  const takes = Array.from({ length: TAKES }, (_, n) => store.hastily((rows) => take(rows, n)))
  return (await Promise.all(takes)).filter((taken) => taken).length
}
