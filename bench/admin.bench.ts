/**
 * The list of 50,000 people: server time of a page, whatever it is narrowed to and sorted by.
 *
 * `node bench/admin.bench.ts [people]` prints one JSON line for each figure: the 95th percentile of the pages of a list,
 * beside the 20 ms that each of them may take; then what becomes of a thousand invitations (bench/admin/mails.ts), and how
 * many sign-ins and join tokens a second are given (bench/admin/sign-ins.ts).
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Accounts, type Narrowing } from './admin/accounts.ts'
import { benchMails } from './admin/mails.ts'
import { benchSignIns } from './admin/sign-ins.ts'
import { report } from './report.ts'

const TARGET_MS = 20
const PAGES = 60
const ORDERS = ['name', 'email', 'created', 'lastSignIn'] as const
const NARROWINGS: Readonly<Record<string, Narrowing>> = {
  everybody: {},
  'one letter': { q: 'j' },
  'a first and a last name': { q: 'martin jean' },
  'names that nobody has together': { q: 'jean marie' },
  'one person': { q: 'p49999@' },
  'a few suspended': { state: 'disabled' },
  'organisers who never came': { role: 'organiser', lastSignIn: 'never' },
}

const folder = mkdtempSync(join(tmpdir(), 'admin-bench-'))
const accounts = await Accounts.open(join(folder, `${randomBytes(4).toString('hex')}.db`))
try {
  await accounts.fill(Number(process.argv[2] ?? 50_000))
  for (const [name, narrowing] of Object.entries(NARROWINGS)) await measure(name, narrowing)
} finally {
  await accounts.close()
  rmSync(folder, { recursive: true })
}
await benchMails()
await benchSignIns()

async function measure(name: string, narrowing: Narrowing): Promise<void> {
  const times: number[] = []
  for (const sort of ORDERS) {
    times.push(...(await accounts.timePages({ ...narrowing, sort, order: 'asc' }, PAGES)))
    times.push(...(await accounts.timePages({ ...narrowing, sort, order: 'desc' }, PAGES)))
  }
  const sorted = times.toSorted((a, b) => a - b)
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN
  const measured = { name: `list of people, ${name}`, metric: 'p95 of a page', unit: 'ms' }
  report({ ...measured, better: 'low', samples: [p95] }, { name: 'target', samples: [TARGET_MS] })
}
