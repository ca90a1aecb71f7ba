/** Somebody goes: what it costs, how soon the others are among themselves, and how soon whoever went is blind. */
import { setTimeout as pause } from 'node:timers/promises'
import { all, generationsOf, missing, type Stage } from './meeting.ts'
import type { Generations } from './messages.ts'

const FRAME_MS = 20
const BASELINE_MS = 2000
const POLL_MS = 100
const GIVE_UP_MS = 30_000
/** Frames on their way have arrived by then. */
const AFTERMATH_MS = 1000

export interface Departure {
  /** Until the last frame was sealed that whoever went can open. */
  readonly blindMs: number
  /** Until the last member could open the last publisher's frames under a new key. */
  readonly completeMs: number
  /** The longest run of audio that a member who stayed could not open. */
  readonly lossMs: number
  /** Beyond what passes anyway, in and out together. */
  readonly tcsBytes: number
  readonly cpuPerPublisherMs: number
}

export interface Going {
  readonly number: number
  /** Resolves to the time when it began. */
  readonly go: () => Promise<number>
}

/** `gone`: whoever goes now, first, and those who went before. */
export async function depart(
  stage: Stage,
  gone: readonly string[],
  { number, go }: Going,
): Promise<Departure> {
  const { hosts } = stage
  const before = await generationsOf(hosts)
  for (const host of all(hosts)) await host.ask('listen', null)
  const usual = await spent(stage, () => pause(BASELINE_MS))
  let [wentAt, generations]: [number, Generations] = [0, {}]
  const cost = await spent(stage, async () => {
    wentAt = await go()
    generations = await newKeys(stage, before, gone)
  })
  const arrivals = all(hosts).map((host) => host.ask('arrivals', { generations, gone }))
  const completeAt = Math.max(...(await Promise.all(arrivals)))
  await pause(AFTERMATH_MS)
  const leakedAt = await hosts.hearing.ask('lastLeak', { number })
  const heard = await hosts.hearing.ask('heard', { gone })
  await requireProof(stage, gone)
  const share = cost.ms / usual.ms
  return {
    blindMs: Math.max(0, leakedAt + FRAME_MS - wentAt),
    completeMs: completeAt - wentAt,
    lossMs: Math.max(...heard.map(({ longestLoss }) => longestLoss)) * FRAME_MS,
    tcsBytes: cost.bytes - usual.bytes * share,
    cpuPerPublisherMs: Math.max(0, cost.cpuMs - usual.cpuMs * share) / stage.publishersThere,
  }
}

/** Everybody who stayed holds a key of each publisher who stayed, and it is in use. */
async function newKeys(
  { hosts }: Stage,
  before: Generations,
  gone: readonly string[],
): Promise<Generations> {
  for (const until = Date.now() + GIVE_UP_MS; ;) {
    await pause(POLL_MS)
    const now = await generationsOf(hosts)
    const staying = Object.entries(now).filter(([id]) => !gone.includes(id))
    const renewed = staying.filter(([id, { gen }]) => gen > (before[id]?.gen ?? -1))
    const generations = Object.fromEntries(renewed)
    if (renewed.length === staying.length && (await missing(hosts, generations, gone)) === 0) {
      return generations
    }
    if (Date.now() > until) {
      throw new Error(`${renewed.length} of ${staying.length} publishers have a new key in use`)
    }
  }
}

/** A last frame of each publisher opens for everybody who stayed, and for nobody who went. */
async function requireProof({ hosts }: Stage, gone: readonly string[]): Promise<void> {
  const probes = (await Promise.all(all(hosts).map((host) => host.ask('probes', { gone })))).flat()
  const trying = all(hosts).map((host) => host.ask('tryProbes', { probes, gone }))
  const tried = await Promise.all(trying)
  const lost = tried.reduce((sum, one) => sum + one.lost, 0)
  const leaked = tried.reduce((sum, one) => sum + one.leaked, 0)
  if (lost + leaked > 0) throw new Error(`${lost} frames do not open, ${leaked} leaked`)
}

async function spent({ tcs, hosts }: Stage, action: () => Promise<void>) {
  const began = performance.now()
  const cpuOfSpeaking = async (): Promise<number> => {
    const [a, b] = await Promise.all(hosts.speaking.map((host) => host.ask('cpu', null)))
    return (a ?? 0) + (b ?? 0)
  }
  const [bytes, cpuMs] = await Promise.all([tcs.ask('bytes', null), cpuOfSpeaking()])
  await action()
  const [bytesAfter, cpuAfter] = await Promise.all([tcs.ask('bytes', null), cpuOfSpeaking()])
  return {
    ms: performance.now() - began,
    bytes: bytesAfter - bytes,
    cpuMs: cpuAfter - cpuMs,
  }
}
