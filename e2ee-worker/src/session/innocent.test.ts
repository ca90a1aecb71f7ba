/**
 * Random schedules of what honest networks and machines do: servers that freeze and then pass everything on at once, late
 * links, repetition after a reconnection, restarts, laptops that sleep. In none of them may anybody be accused.
 */
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { FUZZ_INPUTS, FUZZ_TIMEOUT_MS } from '../../test/mutate.ts'
import { AUDIO, Network, VIDEO, warningsOf, type Node, type Relayed } from '../../test/network.ts'
import { openFrame, sealFrame } from '../../test/sealed-frames.ts'
import { fakeTmms, type FakeTmms } from '../../test/tmms.ts'
import type { E2eeCode } from '../protocol.ts'

/** What the page words as an accusation; docs/protocol.md, "Codes". */
const ACCUSING: readonly E2eeCode[] = [
  ...(['E_PIN', 'E_TCS', 'E_SUITE', 'E_JKT', 'E_HELLO_SIG'] as const),
  ...(['E_TOKEN_FORMAT', 'E_TOKEN_TYPE', 'E_TOKEN_SIG', 'E_TOKEN_AUD'] as const),
  ...(['E_LEN', 'E_SHORT', 'E_TRAILING', 'E_FRAME_AUTH', 'E_STREAM'] as const),
  ...(['E_VOUCH', 'E_ROSTER', 'E_SAS', 'E_IK_CHANGED', 'E_KEY_ROLLBACK', 'E_INTERNAL'] as const),
]
const RUNS = Math.ceil(FUZZ_INPUTS / 100_000)
const FRAME_EVERY_MS = 500

let tmms: FakeTmms
beforeEach(async () => {
  tmms = await fakeTmms()
})

interface Frozen {
  readonly about: (message: Relayed) => boolean
  readonly held: Relayed[]
}

class Meeting {
  readonly network = new Network(tmms)
  readonly nodes: Node[] = []

  async open(): Promise<void> {
    this.network.policy = { ...this.network.policy, vouch: true }
    for (let n = 0; n < 3; n++) await this.join()
  }

  async join(): Promise<void> {
    if (this.nodes.length === 4) return
    const node = await this.network.join()
    this.nodes.push(node)
    if (this.nodes.length !== 2) await this.network.publish(node, [AUDIO, VIDEO])
  }

  /** Time goes on while everybody sends pictures, which reach all others at once. */
  async play(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += FRAME_EVERY_MS) {
      for (const sender of this.nodes) await this.#show(sender)
      await this.network.advance(FRAME_EVERY_MS)
    }
  }

  async #show(sender: Node): Promise<void> {
    if (!sender.connected || sender.session.sender.current === null) return
    const frame = await sealFrame(sender)
    for (const other of this.nodes) if (other !== sender) await openFrame(other, frame)
  }

  /** Messages wait in the TCS, and then all come at once, in order. */
  async freeze(ms: number, about: Frozen['about'] = () => true): Promise<void> {
    const frozen: Frozen = { about, held: [] }
    this.network.tamper = (message) => {
      if (!about(message)) return message.bytes
      frozen.held.push(message)
      return null
    }
    await this.play(ms)
    this.network.tamper = ({ bytes }) => bytes
    for (const { from, to, bytes } of frozen.held) this.network.send(from, to, bytes)
    await this.network.settle()
    await this.play(1000)
  }

  async reconnect(node: Node, afterMs: number): Promise<void> {
    this.network.disconnect(node, 'lost')
    await this.play(afterMs)
    await this.network.renew(node)
    this.network.connect(node)
    await this.play(2000)
  }

  check(): void {
    for (const node of this.network.nodes) {
      expect(warningsOf(node).filter((code) => ACCUSING.includes(code))).toEqual([])
      expect([...node.authenticity.values()]).not.toContain('forged')
    }
  }
}

type Step = fc.AsyncCommand<object, Meeting>
const step = (name: string, run: (meeting: Meeting) => Promise<void>): Step => ({
  check: () => true,
  async run(_model, meeting) {
    await run(meeting)
    meeting.check()
  },
  toString: () => name,
})
const nth = ({ nodes }: Meeting, n: number): Node => nodes[n % nodes.length]!
const who = fc.nat({ max: 3 })

const steps: fc.Arbitrary<Step>[] = [
  fc.constant(step('I9 somebody joins', (meeting) => meeting.join())),
  fc
    .integer({ min: 1, max: 45 })
    .map((s) => step(`I1 the server is frozen for ${s} s`, (one) => one.freeze(1000 * s))),
  fc.tuple(who, fc.integer({ min: 1, max: 12 })).map(([n, s]) =>
    step(`I3 what ${n} hears and says is ${s} s late`, (meeting) => {
      const { id } = nth(meeting, n)
      return meeting.freeze(1000 * s, ({ from, to }) => from === id || to === id)
    }),
  ),
  fc.tuple(who, fc.integer({ min: 1, max: 14 })).map(([n, s]) =>
    step(`I7 ${n} is cut off for ${s} s, and its last messages come twice`, async (meeting) => {
      const node = nth(meeting, n)
      const last = meeting.network.record.filter(({ from }) => from === node.id).slice(-20)
      await meeting.reconnect(node, 1000 * s)
      for (const { from, to, bytes } of last) meeting.network.send(from, to, bytes)
      await meeting.play(1000)
    }),
  ),
  who.map((n) =>
    step(`I5 ${n} sleeps for an hour`, (meeting) => {
      const node = nth(meeting, n)
      return meeting.network
        .advance(0)
        .then(() => meeting.network.disconnect(node, 'lost'))
        .then(() => meeting.network.advance(3_600_000))
        .then(() => meeting.reconnect(node, 500))
    }),
  ),
  fc.constant(
    step('I6 the server is restarted', async (meeting) => {
      for (const node of meeting.nodes) node.connected = false
      for (const { session } of meeting.nodes) session.connections.cut()
      await meeting.play(4000)
      for (const node of meeting.nodes) {
        await meeting.network.renew(node)
        meeting.network.connect(node)
        await meeting.play(500)
      }
      await meeting.play(3000)
    }),
  ),
  fc.constant(step('nothing happens for half a minute', (meeting) => meeting.play(30_000))),
]

it(
  'I1 I3 I5 I6 I7 no schedule of honest machines has anybody accused',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 6, size: 'max' }), async (commands) => {
        const meeting = new Meeting()
        await meeting.open()
        await fc.asyncModelRun(() => ({ model: {}, real: meeting }), commands)
        await meeting.play(30_000)
        meeting.check()
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
  },
  FUZZ_TIMEOUT_MS,
)
