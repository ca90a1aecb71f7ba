/**
 * Random schedules of people who come, go, write and are cut off, under a TCS that drops, reorders, delays, replays,
 * redirects, swaps and misreports: what must hold after every step of any of them.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { watchCipher, type CipherWatch } from '../../test/cipher-watch.ts'
import { FUZZ_INPUTS, FUZZ_TIMEOUT_MS } from '../../test/mutate.ts'
import { AUDIO, Network, VIDEO, membersOf } from '../../test/network.ts'
import { warningsOf, type Node } from '../../test/network.ts'
import type { Relayed } from '../../test/network.ts'
import { openFrame, sealFrame, type Frame } from '../../test/sealed-frames.ts'
import { fakeTmms, type FakeTmms } from '../../test/tmms.ts'
import { decodeEnvelope } from '../messages/envelope.ts'
import { toHex } from '../wire.ts'

const CONTENT = 'what nobody but the members may read'
/** After this long without losses everybody has found everybody again. */
const CALM_MS = 130_000
const MOST = 5
const RUNS = Math.ceil(FUZZ_INPUTS / 2_500)

let tmms: FakeTmms
let watch: CipherWatch

beforeEach(async () => {
  watch = watchCipher()
  tmms = await fakeTmms()
})

afterEach(() => watch.restore())

interface Gone {
  readonly node: Node
  readonly at: number
}

class Meeting {
  readonly network = new Network(tmms)
  readonly present = new Set<Node>()
  readonly gone: Gone[] = []
  /** In the room without being let in: it hears everything that is relayed. */
  outsider!: Node
  readonly #keys = new Map<string, { gen: number; step: number }>()
  readonly #frames: Frame[] = []
  /** What a lying TCS keeps back; `calm` lets it go. */
  held: (() => void)[] = []

  constructor() {
    this.network.policy = { ...this.network.policy, vouch: true }
  }

  async open(): Promise<void> {
    const linkSecret = 'A'.repeat(43)
    this.outsider = await this.network.join({ start: { linkSecret } })
    await this.join()
  }

  async join(): Promise<void> {
    const node = await this.network.join()
    this.present.add(node)
    void node.session.publish([AUDIO, VIDEO]).catch(() => undefined)
    await this.network.settle()
  }

  /** Says goodbye, or is seen by the TCS to have left; it goes on listening to whatever it can hear. */
  async leave(node: Node): Promise<void> {
    this.present.delete(node)
    this.gone.push({ node, at: this.network.clock.now() })
    this.network.disconnect(node, 'left')
    await this.network.settle()
  }

  async check(): Promise<void> {
    this.#keysOnlyRise()
    this.#nothingInClear()
    this.#onlyMembersAreWrittenTo()
    this.#outsiderHearsNothing()
    for (const node of this.present) {
      if (node.session.sender.current === null) continue
      const frame = await sealFrame(node, VIDEO, CONTENT)
      this.#frames.push(frame)
      expect(await openFrame(this.outsider, frame)).not.toBe(CONTENT)
      for (const other of this.present) if (other !== node) await openFrame(other, frame)
      await this.#hiddenFromThoseWhoLeft(frame)
    }
    expect(watch.repeated).toEqual([])
    for (const node of this.present) {
      expect(warningsOf(node)).not.toContain('E_INTERNAL')
      // Whatever a TCS does, it cannot sign: what it may cause is silence, never a forgery.
      expect([...node.authenticity.values()]).not.toContain('forged')
    }
  }

  /** Two seconds and a half: half a second of waiting for others who leave, a second for acknowledgements, and slack. */
  async #hiddenFromThoseWhoLeft(frame: Frame): Promise<void> {
    const now = this.network.clock.now()
    for (const { node, at } of this.gone) {
      if (now - at < 2500) continue
      for (const { from, to, bytes } of this.network.record.slice(-200)) {
        if (to !== node.id) node.session.receive(from, bytes.slice())
      }
      await this.network.settle()
      expect(await openFrame(node, frame)).not.toBe(CONTENT)
    }
  }

  #keysOnlyRise(): void {
    for (const { id, session } of this.present) {
      const chain = session.sender.current
      if (chain === null) continue
      const before = this.#keys.get(id)
      const { gen, step } = chain
      const rose = !before || gen > before.gen || (gen === before.gen && step >= before.step)
      expect(rose).toBe(true)
      this.#keys.set(id, { gen, step })
    }
  }

  #nothingInClear(): void {
    const content = toHex(new TextEncoder().encode(CONTENT))
    const keys = [...this.present].flatMap(({ session }) => {
      const chain = session.sender.current
      return chain ? [toHex(chain.baseKey())] : []
    })
    const sent = this.network.record.map(({ bytes }) => toHex(bytes))
    const frames = this.#frames.map(({ body }) => toHex(body))
    for (const secret of [content, ...keys]) {
      expect([...sent, ...frames].some((bytes) => bytes.includes(secret))).toBe(false)
    }
  }

  /** An envelope only ever goes to somebody in the sender's own list of verified members, and is named so. */
  #onlyMembersAreWrittenTo(): void {
    const members = new Set([...this.present, ...this.gone.map(({ node }) => node)])
    const ids = new Set([...members].map(({ id }) => id))
    for (const { to, bytes } of this.network.record) {
      if (bytes[0] !== 2) continue
      const { to: named } = decodeEnvelope(bytes)
      expect([to, ids.has(named)]).toEqual([named, true])
    }
  }

  #outsiderHearsNothing(): void {
    expect(membersOf(this.outsider)).toEqual([])
    expect(this.outsider.events.filter(({ type }) => type === 'chat')).toEqual([])
  }

  /** Everything that is relayed for a while goes another way. */
  async lie(ms: number, how: (message: Relayed) => Uint8Array | null): Promise<void> {
    this.network.tamper = how
    await this.network.advance(ms)
    this.network.tamper = ({ bytes }) => bytes
  }

  /** Tells somebody a message as if it came from `from`. */
  tell(node: Node | undefined, from: string, bytes: Uint8Array): void {
    node?.session.receive(from, bytes.slice())
  }

  everybody(): readonly Node[] {
    return [...this.present, ...this.gone.map(({ node }) => node), this.outsider]
  }

  async calm(): Promise<void> {
    for (const release of this.held.splice(0)) release()
    this.network.tamper = ({ bytes }) => bytes
    this.network.pick = () => 0
    await this.network.advance(CALM_MS)
    const ids = [...this.present].map(({ id }) => id).sort()
    for (const node of this.present) {
      const known = membersOf(node).map(({ memberId }) => memberId as string)
      expect([...known, node.id].sort()).toEqual(ids)
    }
  }
}

type Real = Meeting
interface Model {
  readonly members: number
}
type Step = fc.AsyncCommand<Model, Real>

function step(name: string, needs: number, run: (meeting: Meeting) => Promise<void>): Step {
  return {
    check: () => true,
    async run(_model, meeting) {
      if (meeting.present.size < needs) return
      await run(meeting)
      await meeting.check()
    },
    toString: () => name,
  }
}

const nth = (meeting: Meeting, n: number): Node => {
  const nodes = [...meeting.present]
  return nodes[n % nodes.length]!
}
const small = fc.nat({ max: MOST })

const steps: fc.Arbitrary<Step>[] = [
  fc.constant(
    step('join', 0, async (meeting) => {
      if (meeting.present.size < MOST) await meeting.join()
    }),
  ),
  small.map((n) => step(`leave ${n}`, 2, (meeting) => meeting.leave(nth(meeting, n)))),
  small.map((n) =>
    step(`cut ${n}`, 2, async (meeting) => {
      const node = nth(meeting, n)
      meeting.network.disconnect(node, 'lost')
      await meeting.network.advance(6000 * n)
      await meeting.network.renew(node)
      meeting.network.connect(node)
    }),
  ),
  fc.tuple(small, small).map(([n, share]) =>
    step(`lose every ${share + 2}th message of ${n} for 8 s`, 2, async (meeting) => {
      const { id } = nth(meeting, n)
      let count = 0
      meeting.network.tamper = ({ from, to, bytes }) =>
        (from === id || to === id) && count++ % (share + 2) === 0 ? null : bytes
      await meeting.network.advance(8000)
      meeting.network.tamper = ({ bytes }) => bytes
    }),
  ),
  small.map((n) =>
    step(`reorder by ${n}`, 2, async (meeting) => {
      meeting.network.pick = (waiting) => n % waiting
      await meeting.network.advance(4000)
    }),
  ),
  small.map((n) =>
    step(`write ${n}`, 1, async (meeting) => {
      const node = nth(meeting, n)
      void node.session.features.chat.send(CONTENT).catch(() => undefined)
      await meeting.network.advance(200)
    }),
  ),
  small.map((n) =>
    step(`delay what ${n} hears, and turn it round`, 2, async (meeting) => {
      const node = nth(meeting, n)
      await meeting.lie(3000, ({ from, to, bytes }) => {
        if (to !== node.id) return bytes
        meeting.held.unshift(() => meeting.tell(node, from, bytes))
        return null
      })
      if (n % 2 === 0) for (const release of meeting.held.splice(0)) release()
    }),
  ),
  fc.tuple(small, small).map(([n, many]) =>
    step(`replay ${20 * (many + 1)} old messages to ${n}`, 1, async (meeting) => {
      const { record } = meeting.network
      const node = nth(meeting, n)
      for (const { from, bytes } of record.slice(0, 20 * (many + 1)))
        meeting.tell(node, from, bytes)
      await meeting.network.advance(1000)
    }),
  ),
  fc.constant(
    step('redirect everything to everybody', 2, (meeting) =>
      meeting.lie(3000, ({ from, bytes }) => {
        for (const node of meeting.everybody())
          if (node.id !== from) meeting.tell(node, from, bytes)
        return bytes
      }),
    ),
  ),
  fc.tuple(small, small).map(([a, b]) =>
    step(`swap what ${a} and ${b} say`, 3, async (meeting) => {
      const [one, two] = [nth(meeting, a), nth(meeting, b)]
      if (one === two) return
      const names = new Map([
        [one.id, two.id],
        [two.id, one.id],
      ])
      await meeting.lie(3000, ({ from, to, bytes }) => {
        const other = names.get(from)
        if (other === undefined || other === to) return bytes
        const node = [...meeting.present].find(({ id }) => id === to)
        meeting.tell(node, other, bytes)
        return null
      })
    }),
  ),
  fc.tuple(small, small).map(([a, b]) =>
    step(`say falsely to ${a} that ${b} was cut off`, 2, async (meeting) => {
      const [one, two] = [nth(meeting, a), nth(meeting, b)]
      if (one === two) return
      one.session.connections.departed(two.id, 'lost')
      await meeting.network.advance(5000)
      one.session.connections.joined(two.id)
      // Nobody becomes a member because a server says so.
      one.session.connections.joined(meeting.outsider.id)
      one.session.connections.joined('f'.repeat(32))
    }),
  ),
  fc
    .integer({ min: 100, max: 70_000 })
    .map((ms) => step(`wait ${ms} ms`, 0, (meeting) => meeting.network.advance(ms))),
]

it(
  'K2 K3 H5 H10 F12 no schedule leaks a key or plaintext, repeats a nonce, or turns a key back',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 16, size: 'max' }), async (commands) => {
        const meeting = new Meeting()
        await meeting.open()
        await fc.asyncModelRun(() => ({ model: { members: 0 }, real: meeting }), commands)
        await meeting.calm()
        await meeting.check()
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
    expect(watch.sealed).toBeGreaterThan(100)
  },
  FUZZ_TIMEOUT_MS,
)
