/** H16 a session that is told nonsense: changed messages of a real meeting, from members, strangers and ourselves. */
import { expect, it } from 'vitest'
import { FUZZ_INPUTS, FUZZ_TIMEOUT_MS, Mutator } from '../../test/mutate.ts'
import { AUDIO, Network, VIDEO, membersOf, warningsOf, type Node } from '../../test/network.ts'
import { openFrame, sealFrame } from '../../test/sealed-frames.ts'
import { toHex } from '../wire.ts'
import type { WorkerEvent } from '../events.ts'

/** Each costs up to a signature, so there are fewer than of inputs for parsers alone. */
const MESSAGES = Math.ceil(FUZZ_INPUTS / 100)
/** Fewer than anybody is ignored for. */
const AT_ONCE = 100
const STRANGER = 'c'.repeat(32)

/** What refused messages must not change. */
function stateOf(node: Node, others: readonly Node[]): unknown {
  const { session, events } = node
  const keys = others.map(({ id }) => session.keysOf(id)?.newest() ?? null)
  const own = session.sender.current
  const lock = events.findLast((event) => event.type === 'lock')
  return structuredClone({
    ...{ members: membersOf(node), keys, own: [own?.gen, own?.step], lock },
    said: events.filter(({ type }) => type === 'chat' || type === 'removed').length,
  })
}

function addressees(event: WorkerEvent): readonly string[] {
  const messages =
    event.type === 'send' ? [event] : event.type === 'send-many' ? event.messages : []
  return messages.filter(({ bytes }) => bytes[0] === 2).map(({ to }) => to)
}

async function meeting(): Promise<{ network: Network; nodes: [Node, Node, Node] }> {
  const network = await Network.open()
  network.policy = { ...network.policy, vouch: true }
  const moderator = { claims: { role: 'moderator', prm: ['audio', 'video', 'share'] } }
  const nodes: [Node, Node, Node] = [
    await network.join(moderator),
    await network.join(),
    await network.join(),
  ]
  const [one, two, three] = nodes
  for (const node of nodes) await network.publish(node)
  for (const [n, node] of nodes.entries()) {
    await node.session.features.chat.send(`line ${n}`)
    for (let i = 0; i < 10; i++) await openFrame(two, await sealFrame(node))
  }
  await one.session.features.moderation.lock(true)
  await one.session.features.moderation.lock(false)
  await network.renew(three)
  const fourth = await network.join()
  await network.advance(30_000)
  network.disconnect(fourth, 'left')
  await network.advance(30_000)
  await one.session.features.moderation.removeMember(three.id).catch(() => undefined)
  await network.settle()
  network.nodes.splice(network.nodes.indexOf(fourth), 1)
  return { network, nodes }
}

it(
  'refuses all of it, changes nothing, gives no key away, and goes on',
  async () => {
    const { network, nodes } = await meeting()
    const [one, two] = nodes
    const corpus = network.record.filter(({ to }) => to === two.id).map(({ bytes }) => bytes)
    for (const type of [1, 2, 3]) expect(corpus.some((bytes) => bytes[0] === type)).toBe(true)
    const mutator = new Mutator(4, corpus)
    const senders = [one.id, one.id, nodes[2].id, STRANGER, two.id]
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    for (let told = 0; told < MESSAGES; told += AT_ONCE) {
      await network.advance(1000)
      const before = stateOf(two, nodes)
      const heard = two.events.length
      for (let i = 0; i < AT_ONCE; i++) {
        const bytes = mutator.next().slice()
        // Half of them come from whom they name, and get further.
        const named = mutator.random(2) === 0 && bytes[0] !== 1
        const other = senders[mutator.random(senders.length)] ?? STRANGER
        two.session.receive(named ? toHex(bytes.subarray(2, 18)) : other, bytes)
      }
      await network.settle()
      expect(stateOf(two, nodes)).toEqual(before)
      const known = membersOf(two).map(({ memberId }) => memberId as string)
      const written = two.events.slice(heard).flatMap(addressees)
      expect(written.filter((to) => !known.includes(to))).toEqual([])
    }
    Error.stackTraceLimit = stackTraceLimit
    expect(warningsOf(two)).not.toContain('E_INTERNAL')
    expect(new Set(warningsOf(two)).size).toBeGreaterThan(5)
    await network.advance(30_000)
    expect(await openFrame(two, await sealFrame(one, AUDIO))).toBe('picture')
    expect(await openFrame(one, await sealFrame(two, VIDEO))).toBe('picture')
  },
  FUZZ_TIMEOUT_MS,
)
