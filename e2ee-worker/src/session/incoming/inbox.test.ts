/** What arrives that does not open, or is more than anybody may say. */
import { beforeEach, describe, expect, it } from 'vitest'
import { warningsOf, type Network, type Node } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { BROADCAST, ENVELOPE, HELLO, memberIdsOf, twoMembers } from '../../../test/two-members.ts'

let network: Network
let one: Node
let two: Node

beforeEach(async () => {
  ;({ network, one, two } = await twoMembers(1))
  two.renews = false
})

const asksForToken = (): number => two.events.filter(({ type }) => type === 'need-token').length

/** An envelope of `one` to `two` that was changed on its way. */
function spoilt(): Uint8Array {
  const { bytes } = network.record.find(
    ({ from, to, bytes: [kind] }) => from === one.id && to === two.id && kind === ENVELOPE,
  )!
  const changed = bytes.slice()
  changed[49] = 200
  return changed
}

describe('H5 envelopes that do not open', () => {
  it('bring a new HELLO when there are three of them in ten seconds', async () => {
    for (let n = 0; n < 2; n++) await network.give(two, one.id, spoilt())
    expect(asksForToken()).toBe(0)
    await network.advance(9999)
    await network.give(two, one.id, spoilt())
    expect(asksForToken()).toBe(1)
    expect(new Set(warningsOf(two))).toEqual(new Set(['E_ENV_AUTH']))
  })

  it('bring none when they come more slowly, or were only said twice', async () => {
    await network.give(two, one.id, spoilt())
    await network.advance(5000)
    await network.give(two, one.id, spoilt())
    await network.advance(5000)
    await network.give(two, one.id, spoilt())
    const repeated = network.record.find(({ to, bytes }) => to === two.id && bytes[0] === ENVELOPE)!
    for (let n = 0; n < 5; n++) await network.give(two, one.id, repeated.bytes)
    expect(asksForToken()).toBe(0)
    expect(await openFrame(two, await sealFrame(one))).toBe('picture')
  })

  it('bring new ones ever more rarely while they go on, whoever sends them', async () => {
    const at: number[] = []
    for (let second = 0; second < 9 * 60; second++) {
      const asked = asksForToken()
      await network.give(two, one.id, spoilt())
      if (asksForToken() > asked) at.push(second)
      await network.advance(1000)
    }
    expect(at).toEqual([2, 32, 92, 212, 452])
  })

  it('have nobody asked for a HELLO unless they name a newer one', async () => {
    const helloFromTwo = () =>
      network.record.filter(({ from, bytes }) => from === two.id && bytes[0] === HELLO).length
    const before = helloFromTwo()
    const older = spoilt()
    older[37] = 0
    await network.give(two, one.id, older)
    await network.give(two, one.id, spoilt())
    expect(helloFromTwo()).toBe(before)
    const newer = spoilt()
    newer[37] = 2
    await network.give(two, one.id, newer)
    // Ours, and the answer to the one that comes back.
    expect(helloFromTwo()).toBeGreaterThan(before)
  })
})

it('W5 what is longer than any message is refused before it is read', async () => {
  for (const kind of [HELLO, ENVELOPE, BROADCAST, 9]) {
    const warned = warningsOf(two).length
    await network.advance(1001)
    const bytes = new Uint8Array(65_537)
    bytes[0] = kind
    await network.give(two, one.id, bytes)
    expect(warningsOf(two).slice(warned)).toEqual(['E_LEN'])
  }
  await network.advance(1001)
  await network.give(two, one.id, Uint8Array.of(9, 1, 1))
  expect(warningsOf(two).at(-1)).toBe('E_VERSION')
})

it('W5 whoever says two hundred things in a second is not heard for ten', async () => {
  const three = await network.join()
  await network.advance(1000)
  for (let n = 0; n < 201; n++) two.session.receive(three.id, Uint8Array.of(9))
  await three.session.close()
  await network.settle()
  expect(warningsOf(two).filter((code) => code === 'E_STATE')).toHaveLength(1)
  expect(memberIdsOf(two)).toContain(three.id)
  expect(memberIdsOf(one)).not.toContain(three.id)
})
