/**
 * How fast a meeting changes its keys when somebody leaves, or is put out: real sessions in a few processes, around a
 * real TCS in another, over real sockets. Audio frames are sealed and opened by the sessions and pass beside the TCS.
 *
 * All these people share two cores, so the times of large meetings are those of this machine's processors, not of the
 * protocol. What one publisher's computer has to do is the figure `cpu-per-publisher`.
 *
 * `node bench/rekey.bench.ts [rounds] [members] [publishers]` prints one JSON line for each figure.
 */
import { report } from './report.ts'
import { holdMeeting } from './rekey/meeting.ts'
import type { Departure } from './rekey/departure.ts'

interface Scenario {
  readonly members: number
  readonly publishers: number
  /** The target: whoever left reads nothing after so long. */
  readonly blindMs: number
  readonly rounds: number
}

const LOST_AUDIO_MS = 200

const SCENARIOS: readonly Scenario[] = [
  { members: 10, publishers: 10, blindMs: 1000, rounds: 3 },
  { members: 50, publishers: 10, blindMs: 1000, rounds: 2 },
  { members: 50, publishers: 50, blindMs: 1000, rounds: 2 },
  { members: 200, publishers: 10, blindMs: 2000, rounds: 1 },
  { members: 200, publishers: 50, blindMs: 2000, rounds: 1 },
]

const [rounds, members, publishers] = process.argv.slice(2).map(Number)
for (const scenario of SCENARIOS) {
  if (members !== undefined && scenario.members !== members) continue
  if (publishers !== undefined && scenario.publishers !== publishers) continue
  // What this machine cannot carry is a result, too, and must not keep the others from theirs.
  await run(scenario).catch((error: unknown) => {
    const { members, publishers } = scenario
    process.stderr.write(`${members} members, ${publishers} publishers: ${String(error)}\n`)
    process.exitCode = 1
  })
}

async function run(scenario: Scenario): Promise<void> {
  const departures: { readonly leave: Departure[]; readonly remove: Departure[] } = {
    leave: [],
    remove: [],
  }
  for (let round = 0; round < (rounds ?? scenario.rounds); round += 1) {
    const { leave, remove } = await holdMeeting(scenario)
    departures.leave.push(leave)
    departures.remove.push(remove)
  }
  const { members, publishers, blindMs } = scenario
  for (const [how, seen] of Object.entries(departures)) {
    figures(`rekey-${how}-${members}-members-${publishers}-publishers`, seen, blindMs)
  }
}

function figures(name: string, seen: readonly Departure[], blindMs: number): void {
  const samples = (pick: (departure: Departure) => number) => seen.map(pick)
  const low = { name, better: 'low' } as const
  const target = (value: number) => ({ name: 'target', samples: [value] })
  report(
    { ...low, metric: 'leaver-blind', unit: 'ms', samples: samples((one) => one.blindMs) },
    target(blindMs),
  )
  report({
    ...{ ...low, metric: 'last-member-decrypts', unit: 'ms' },
    samples: samples((one) => one.completeMs),
  })
  report(
    { ...low, metric: 'longest-audio-loss', unit: 'ms', samples: samples((one) => one.lossMs) },
    target(LOST_AUDIO_MS),
  )
  report({
    ...{ ...low, metric: 'tcs-bytes', unit: 'kB' },
    samples: samples((one) => one.tcsBytes / 1000),
  })
  report({
    ...{ ...low, metric: 'cpu-per-publisher', unit: 'ms' },
    samples: samples((one) => one.cpuPerPublisherMs),
  })
}
