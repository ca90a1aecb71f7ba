/**
 * How long joining takes: from the click to the first decoded picture of somebody else, over a network with delay.
 *
 * `node bench/join.bench.ts [rounds] [browser]` prints one JSON line for each figure.
 */
import { chromium, firefox, type Browser, type Page } from 'playwright-core'
import { chromiumLaunch, firefoxLaunch } from '../web/e2e/browsers.ts'
import { DelayProxy } from '../web/e2e/delay-proxy.ts'
import { joinTimes, type JoinTimes } from '../web/e2e/join-times.ts'
import { meetingOf, pageOf } from '../web/e2e/people.ts'
import { HuisclosServer, type Person } from '../web/e2e/server.ts'
import { report } from './report.ts'

const LAUNCH = {
  chromium: () => chromium.launch(chromiumLaunch),
  firefox: () => firefox.launch({ ...firefoxLaunch, channel: 'moz-firefox' }),
} satisfies Record<string, () => Promise<Browser>>

const PEOPLE = [2, 3]
const RTT_MS = [0, 50, 150]
/** So long that what the machine computes between two of them does not count as another. */
const COUNTING_RTT_MS = 400
const STEPS = ['call', 'tile', 'picture'] as const

type Times = JoinTimes & { readonly roundTrips: number }

const rounds = Number(process.argv[2] ?? 5)
const only = process.argv[3]

const proxy = await DelayProxy.open()
const server = await HuisclosServer.start({ origin: proxy.origin })
proxy.target = server.port
try {
  for (const [name, launch] of Object.entries(LAUNCH))
    if (only === undefined || only === name) await inBrowser(await launch(), name)
} finally {
  await proxy.close()
  await server.end()
}

async function inBrowser(browser: Browser, name: string): Promise<void> {
  try {
    for (const people of PEOPLE) await measure(browser, name, people)
  } finally {
    await browser.close()
  }
}

/** All but the last are in the meeting; the last joins again and again. */
async function measure(browser: Browser, name: string, people: number): Promise<void> {
  const { link, people: persons } = await meetingOf(server, people)
  const pages: { page: Page; close: () => Promise<void> }[] = []
  const open = async (person: Person): Promise<Page> => {
    const { page, context } = await pageOf(browser, person)
    pages.push({ page, close: () => context.close() })
    await page.goto(link)
    await page.getByRole('button', { name: 'Join', exact: true }).waitFor()
    return page
  }
  proxy.network = { rttMs: 0, loss: 0 }
  for (const person of persons.slice(0, -1)) {
    const page = await open(person)
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.getByRole('button', { name: 'Leave' }).waitFor()
  }
  const joinOver = async (rttMs: number): Promise<Times> => {
    // Only what follows the click is measured over this network.
    const page = await open(persons.at(-1)!)
    const times = await joinOnce(page, rttMs)
    proxy.network = { rttMs: 0, loss: 0 }
    await page.getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('button', { name: 'Rejoin' }).waitFor()
    await pages.pop()!.close()
    return times
  }
  for (const rttMs of RTT_MS) {
    const samples: Times[] = []
    for (let round = 0; round < rounds; round += 1) samples.push(await joinOver(rttMs))
    tellTimes(`join-${name}-${String(people)}-people-${String(rttMs)}ms`, samples)
  }
  const { roundTrips } = await joinOver(COUNTING_RTT_MS)
  const counted = { name: `join-${name}-${String(people)}-people`, metric: 'round-trips' }
  report({ ...counted, unit: '', better: 'low', samples: [roundTrips] })
  for (const { close } of pages) await close()
}

async function joinOnce(page: Page, rttMs: number): Promise<Times> {
  // Keys and connection are made meanwhile, as while somebody looks into the mirror.
  await page.getByRole('meter', { name: 'Microphone level' }).waitFor()
  await page.waitForTimeout(4_000)
  proxy.network = { rttMs, loss: 0 }
  proxy.count()
  const times = await joinTimes(page)
  return { ...times, roundTrips: proxy.roundTrips }
}

function tellTimes(name: string, samples: readonly Times[]): void {
  for (const step of STEPS) {
    const values = samples.map((times) => times[step])
    report({ name, metric: step, unit: 'ms', better: 'low', samples: values })
    const late = p95(values)
    report({ name, metric: `${step}-p95`, unit: 'ms', better: 'low', samples: [late] })
  }
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))]!
}
