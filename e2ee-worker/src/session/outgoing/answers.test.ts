/** How answers leave a session: together while it has more to read, at once when it has not, in order always. */
import { beforeEach, describe, expect, it } from 'vitest'
import { AUDIO, Network, type Node, type Relayed } from '../../../test/network.ts'
import type { WorkerEvent } from '../../events.ts'

const BROADCAST = 3
const ENVELOPE = 2
const SEQ_AT = 42

let network: Network
let one: Node

/** The first keys of these, on their way to `one` and not delivered yet. */
async function keysOf(publishers: readonly Node[]): Promise<readonly Relayed[]> {
  const held: Relayed[] = []
  network.tamper = (message) => {
    if (message.to !== one.id || message.bytes[0] !== ENVELOPE) return message.bytes
    held.push(message)
    return null
  }
  for (const publisher of publishers) await network.publish(publisher, [AUDIO])
  network.tamper = ({ bytes }) => bytes
  return held
}

/** What `one` hands to its page from now on, an inner list for each event. */
function watch(): () => readonly (readonly { to: string; bytes: Uint8Array }[])[] {
  const before = one.events.length
  return () => one.events.slice(before).flatMap(sealedIn)
}

function sealedIn(event: WorkerEvent): readonly (readonly { to: string; bytes: Uint8Array }[])[] {
  if (event.type === 'send') return [[event]]
  return event.type === 'send-many' ? [event.messages] : []
}

function seqOf({ bytes }: { readonly bytes: Uint8Array }): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(SEQ_AT))
}

async function meet(others: number): Promise<readonly Node[]> {
  one = await network.join()
  const publishers: Node[] = []
  while (publishers.length < others) publishers.push(await network.join())
  return publishers
}

beforeEach(async () => {
  network = await Network.open(1)
})

describe('acknowledgements', () => {
  it('of keys that came together go out together', async () => {
    const held = await keysOf(await meet(3))
    const sent = watch()
    for (const { from, bytes } of held) one.session.receive(from, bytes)
    await network.settle()
    expect(sent().map((event) => event.map(({ to }) => to))).toEqual([held.map(({ from }) => from)])
  })

  it('wait for nothing when there is nothing more to read', async () => {
    const held = await keysOf(await meet(3))
    for (const { from, bytes } of held) {
      const sent = watch()
      one.session.receive(from, bytes)
      await idle()
      expect(sent()).toMatchObject([[{ to: from }]])
    }
  })

  it('wait for 15 others at most, however much there is to read', async () => {
    const held = await keysOf(await meet(18))
    const sent = watch()
    for (const { from, bytes } of held) one.session.receive(from, bytes)
    await network.settle()
    expect(sent().map((event) => event.length)).toEqual([16, 2])
  })
})

describe('what a session sends while answers wait', () => {
  it('goes out behind them, so that nobody sees a sequence number go back', async () => {
    const held = await keysOf(await meet(3))
    const sent = watch()
    for (const { from, bytes } of held) one.session.receive(from, bytes)
    const published = one.session.publish([AUDIO])
    await network.settle()
    await published
    const toOne = sent()
      .flat()
      .filter(({ to }) => to === held[0]?.from)
    const numbers = toOne.map(seqOf)
    expect(numbers.length).toBeGreaterThan(1)
    expect(numbers).toEqual(numbers.map((_, n) => (numbers[0] ?? 0) + n))
  })

  it('to everybody at once comes behind them, too', async () => {
    const held = await keysOf(await meet(3))
    const sent = watch()
    for (const { from, bytes } of held) one.session.receive(from, bytes)
    const closed = one.session.close()
    await network.settle()
    await closed
    const types = sent().map((event) => event[0]?.bytes[0])
    expect(types.at(-1)).toBe(BROADCAST)
    expect(types.filter((type) => type === BROADCAST)).toHaveLength(1)
    // An acknowledgement and a goodbye for each.
    expect(sent().flat()).toHaveLength(2 * 3 + 1)
  })
})

/** Until the session has done all it knows of, while no message is delivered to anybody. */
async function idle(): Promise<void> {
  while (one.session.busy > 0) await new Promise((resolve) => setImmediate(resolve))
}
