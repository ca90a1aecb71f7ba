/**
 * What one frame costs in the worker, in Chromium and in Firefox: our transforms beside livekit-client's and beside one
 * bare WebCrypto call (alone, and in the same streams), in turn, on frames of the same size. And how long a frame of a
 * large meeting is held up: from its entry into the stream until it leaves, by the clock of the worker, which has steps of
 * 5 us in Chromium and 20 us in Firefox because the page is isolated.
 *
 * `node bench/frames.bench.ts [rounds] [browser]` prints one JSON line for each figure.
 */
import type { Page } from 'playwright-core'
import packageJson from '../node_modules/livekit-client/package.json' with { type: 'json' }
import type { Kind, Timed } from './browser/timed.ts'
import { call, inBrowsers, type BrowserName } from './browsers.ts'
import { report } from './report.ts'

const PARTIES = ['ours', 'livekit', 'bare', 'streamed'] as const
type Party = (typeof PARTIES)[number]

const LIVEKIT = `livekit-client ${packageJson.version}`

interface Size {
  readonly name: string
  readonly kind: Kind
  readonly bytes: number
  /** So many that a round takes some tenths of a second. */
  readonly count: number
}

const SIZES: readonly Size[] = [
  { name: 'audio-120B', kind: 'audio', bytes: 120, count: 4000 },
  { name: 'video-1.2kB', kind: 'video', bytes: 1200, count: 4000 },
  { name: 'video-20kB', kind: 'video', bytes: 20_000, count: 1500 },
  { name: 'video-100kB', kind: 'video', bytes: 100_000, count: 400 },
]

/** The target: frames of 16 cameras and 16 microphones are held up no longer, in the slowest of a hundred. */
const P99_MS = { chromium: 1, firefox: 2 }
const MEMBERS = 16
const DELAY_SECONDS = 5
const DELAY_ROUNDS = 3

const rounds = Number(process.argv[2] ?? 9)
await inBrowsers(process.argv[3], async (page, name) => {
  for (const size of SIZES) await costOf(page, name, size)
  await delayOf(page, name)
})

async function costOf(page: Page, browser: BrowserName, size: Size): Promise<void> {
  const { kind, bytes, count } = size
  const perSecond = { encrypt: samples(), decrypt: samples() }
  // Round 0 warms up and is not counted; who begins changes, so that nobody always follows the same other.
  for (let round = 0; round <= rounds; round += 1) {
    for (const party of rotated(round)) {
      const timed = await ask<Timed>(page, party, { ask: 'time', kind, bytes, count })
      if (round === 0) continue
      perSecond.encrypt[party].push((count / timed.encryptMs) * 1000)
      perSecond.decrypt[party].push((count / timed.decryptMs) * 1000)
    }
  }
  for (const way of ['encrypt', 'decrypt'] as const) {
    const { ours, livekit, bare, streamed } = perSecond[way]
    const measured = {
      ...{ name: `frames-${browser}-${size.name}`, metric: way, unit: 'frames/s' },
      ...({ better: 'high', samples: ours } as const),
    }
    report(measured, { name: LIVEKIT, samples: livekit })
    report(measured, { name: 'bare WebCrypto', samples: bare })
    report(measured, { name: 'WebCrypto in the same streams', samples: streamed })
  }
}

async function delayOf(page: Page, browser: BrowserName): Promise<void> {
  const question = { ask: 'delay', members: MEMBERS, seconds: DELAY_SECONDS }
  const p99: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < DELAY_ROUNDS; round += 1) {
    p99.push(await call<number>(page, 'p99', 'ours', question))
    theirs.push(await call<number>(page, 'p99', 'livekit', question))
  }
  const measured = {
    ...{ name: `frames-${browser}-16-cameras-16-microphones`, metric: 'added-delay-p99' },
    ...({ unit: 'ms', better: 'low', samples: p99 } as const),
  }
  report(measured, { name: LIVEKIT, samples: theirs })
  report(measured, { name: 'target', samples: [P99_MS[browser]] })
}

function samples(): Record<Party, number[]> {
  return { ours: [], livekit: [], bare: [], streamed: [] }
}

function rotated(by: number): readonly Party[] {
  return PARTIES.map((_, index) => PARTIES[(index + by) % PARTIES.length]!)
}

function ask<Answer>(page: Page, party: Party, question: object): Promise<Answer> {
  return call(page, 'ask', party, question)
}
