/** One meeting: everybody comes, publishes and talks; then one leaves and another is put out. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ORIGIN, fakeTmms, signKeySet, type FakeTmms } from '../../e2ee-worker/test/tmms.ts'
import { depart, type Departure } from './departure.ts'
import type { Commands, Generations, Meeting, Role } from './messages.ts'
import { Remote } from './process.ts'
import type { TcsCommands } from './tcs.ts'

/** The last three hear every frame: one is put out, one stays and is the moderator, one leaves. */
const LISTENERS = 3
/** From here on those who do not publish meet only the publishers, and the listeners each other. */
const VIEWERS_FROM = 100
const SETTLE_MS = 60_000
const PUBLISH_MS = 180_000

type Host = Remote<Commands>

/** A process has one thread, and a meeting's publishers have more than that between them on any two computers. */
interface Hosts {
  /** Half the publishers each, and nobody else. */
  readonly speaking: readonly [Host, Host]
  /** The listeners and those who do not publish. */
  readonly hearing: Host
}

export interface Stage {
  readonly tcs: Remote<TcsCommands>
  readonly hosts: Hosts
  /** How many publishers the speaking hosts have. */
  readonly publishersThere: number
  readonly ids: readonly string[]
}

interface Size {
  readonly members: number
  readonly publishers: number
}

export async function holdMeeting(size: Size): Promise<{ leave: Departure; remove: Departure }> {
  const tcs = new Remote<TcsCommands>(join(import.meta.dirname, 'tcs.ts'))
  const hosts: Hosts = { speaking: [newHost(), newHost()], hearing: newHost() }
  try {
    const tmms = await fakeTmms()
    const { url, identity } = await tcs.ask('open', { origin: ORIGIN, tokenJwk: tmms.tokenJwk })
    const keySet = await signKeySet(tmms.rootKey, tmms.rootJwk, {
      ...{ keys: [tmms.tokenJwk], chain: [] },
      tcs: [{ ...identity, origin: ORIGIN }],
    })
    const roles = rolesOf(size)
    const ids = await enter(roles, hosts, { tmms, meeting: { tcsUrl: url, keySet, pin: tmms.pin } })
    const publishersThere = roles.filter((role) => role.publishes && !role.listens).length
    const stage = { tcs, hosts, publishersThere, ids }
    await everybodyTalks(roles, stage)
    const last = size.members - 1
    const leaver = ids[last]!
    const leave = await depart(stage, [leaver], {
      number: last,
      go: () => hosts.hearing.ask('leave', { number: last }),
    })
    const number = size.members - LISTENERS
    await hosts.hearing.ask('eavesdrop', { number })
    const remove = await depart(stage, [ids[number]!, leaver], {
      number,
      go: () => hosts.hearing.ask('remove', { number: last - 1, victim: ids[number]! }),
    })
    return { leave, remove }
  } finally {
    for (const host of all(hosts)) await host.ask('close', null)
    await tcs.ask('close', null)
    await Promise.all([...all(hosts), tcs].map((process) => process.end()))
  }
}

/** For whoever waits: a large meeting takes minutes to come together. */
function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** What was sealed last by every publisher. */
export async function generationsOf(hosts: Hosts): Promise<Generations> {
  const seen = await Promise.all(all(hosts).map((host) => host.ask('generations', null)))
  return Object.assign({}, ...seen) as Generations
}

export async function missing(
  hosts: Hosts,
  generations: Generations,
  gone: readonly string[],
): Promise<number> {
  const counts = all(hosts).map((host) => host.ask('missing', { generations, gone }))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

export function all({ speaking, hearing }: Hosts): readonly Host[] {
  return [...speaking, hearing]
}

function newHost(): Host {
  return new Remote<Commands>(join(import.meta.dirname, 'host.ts'))
}

function rolesOf({ members, publishers }: Size): readonly Role[] {
  return Array.from({ length: members }, (_, number) => {
    const publishes = number < publishers
    const listens = number >= members - LISTENERS
    return {
      ...{ number, publishes, listens, moderates: number === members - 2 },
      viewer: members >= VIEWERS_FROM && !publishes,
    }
  })
}

async function enter(
  roles: readonly Role[],
  hosts: Hosts,
  { tmms, meeting }: { readonly tmms: FakeTmms; readonly meeting: Meeting },
): Promise<readonly string[]> {
  const ids: string[] = []
  for (const role of roles) {
    const host = hostOf(hosts, role)
    const { number } = role
    const { jkt } = await host.ask('identity', { number })
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iat, nbf: iat, exp: iat + 900, role: role.moderates ? 'moderator' : undefined }
    const token = await tmms.token({ jkt }, { ...claims, role: claims.role ?? 'participant' })
    const publishers = ids.filter((_, other) => roles[other]!.publishes)
    const { memberId } = await host.ask('join', { meeting, role, token, publishers })
    ids.push(memberId)
    if (ids.length % 50 === 0) progress(`${ids.length} of ${roles.length} members are in`)
  }
  return ids
}

async function everybodyTalks(roles: readonly Role[], { hosts }: Stage): Promise<void> {
  const publishing = roles.filter((role) => role.publishes)
  // One after another, as people come: all first keys at once would be more than two cores carry in a large meeting.
  const deadline = AbortSignal.timeout(PUBLISH_MS)
  for (const role of publishing) {
    const published = hostOf(hosts, role).ask('publish', { number: role.number })
    await Promise.race([published, expiry(deadline)])
  }
  progress(`${publishing.length} publish`)
  const port = await hosts.hearing.ask('ears', null)
  for (const host of all(hosts)) await host.ask('talk', { port })
  for (const until = Date.now() + SETTLE_MS; ;) {
    await pause(500)
    const generations = await generationsOf(hosts)
    const heard = Object.keys(generations).length
    const lacking = await missing(hosts, generations, [])
    if (heard === publishing.length && lacking === 0) break
    if (lacking > 0) progress(`${lacking} keys lack`)
    if (Date.now() > until) {
      throw new Error(`${heard} of ${publishing.length} publishers are heard, ${lacking} keys lack`)
    }
  }
  // What coming together caused has to end: steps for newcomers, rosters, lists.
  await pause(3000)
}

/** Rejects when the time is up. */
function expiry(deadline: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const late = () => reject(new Error('the publishers do not get their keys spread'))
    if (deadline.aborted) late()
    deadline.addEventListener('abort', late, { once: true })
  })
}

function hostOf({ speaking, hearing }: Hosts, { number, publishes, listens }: Role): Host {
  return publishes && !listens ? speaking[number % 2 === 0 ? 0 : 1] : hearing
}
