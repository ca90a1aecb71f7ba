/** What a sender says of its own streams: which there are, how far it has sent, and what came before our time. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, StreamDescriptor, StreamKind } from '../protocol.ts'
import { encodeKid } from './kid.ts'
import { MemberKeys } from './member-keys.ts'
import { SendChain } from './send-chain.ts'
import type { Bytes } from '../wire.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const screen: StreamDescriptor = { idx: 2, kind: 'screen', codec: 'vp8' }
const streams = [camera, screen]
const prefix = Uint8Array.of(0x31)
const plaintext = new TextEncoder().encode('frame')

let keys: MemberKeys
let now: number

const failure = (code: string) => expect.objectContaining({ code }) as Error
const open = (wire: Bytes, kind: StreamKind = 'video') =>
  keys.open(wire.subarray(1), kind, wire.subarray(0, 1))
const give = (chain: SendChain) =>
  keys.accept({ gen: chain.gen, step: chain.step, baseKey: chain.baseKey(), streams })
const seal = (chain: SendChain, stream = camera) => chain.seal(stream, prefix, plaintext.buffer)

beforeEach(() => {
  now = 1000
  keys = new MemberKeys(ALICE, () => now)
})

describe('what its sender says to have sent', () => {
  it('is missing while only an earlier step opened, or a later generation is merely known', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    await open(await seal(chain))
    expect(keys.missing(camera.idx, { gen: 0, step: 1, ctr: 400 }, 1000)).toBe(401)
    give(await SendChain.create(1, ALICE))
    expect(keys.missing(camera.idx, { gen: 0, step: 1, ctr: 400 }, 1000)).toBe(401)
  })

  it('is no longer missed once something of a later generation opened', async () => {
    const [chain, next] = [await SendChain.create(0, ALICE), await SendChain.create(1, ALICE)]
    for (const one of [chain, next]) give(one)
    await open(await seal(next))
    expect(keys.missing(camera.idx, { gen: 0, step: 0, ctr: 400 }, 1000)).toBe(0)
    expect(keys.missing(screen.idx, { gen: 0, step: 0, ctr: 400 }, 1000)).toBe(401)
  })

  it('has come though it was muted then, and the keys of the time are erased', async () => {
    const [chain, next] = [await SendChain.create(0, ALICE), await SendChain.create(1, ALICE)]
    const said = { gen: 0, step: 0, ctr: 1 }
    give(chain)
    for (let i = 0; i < 2; i++) await open(await seal(chain))
    const goesBy = (): void => {
      now += 10_001
      keys.sweep()
    }
    await keys.commitStep(0, 1)
    goesBy()
    await expect(open(await seal(chain))).rejects.toThrow(failure('E_NO_KEY'))
    expect(keys.missing(camera.idx, said, 1000)).toBe(0)
    give(next)
    goesBy()
    expect(keys.missing(camera.idx, said, 1000)).toBe(0)
    expect(keys.missing(camera.idx, { ...said, ctr: 400 }, 1000)).toBe(399)
    expect(keys.missing(screen.idx, said, 1000)).toBe(2)
  })
})

describe('a key', () => {
  it('one held already may announce other streams, under the very same key only', async () => {
    const chain = await SendChain.create(3, ALICE)
    await chain.ratchet()
    const told = { gen: 3, step: 1, baseKey: chain.baseKey(), streams: [camera] }
    keys.accept(told)
    const says = (change: object) => keys.describe({ ...told, streams, ...change })
    expect(says({ gen: 2 })).toBe(false)
    expect(says({ step: 0 })).toBe(false)
    expect(says({ step: 2 })).toBe(false)
    expect(says({ baseKey: chain.baseKey().fill(1) })).toBe(false)
    await expect(open(await seal(chain, screen), 'screen')).rejects.toThrow(failure('E_NO_KEY'))
    expect(says({})).toBe(true)
    expect(await open(await seal(chain, screen), 'screen')).toEqual(plaintext)
    await keys.commitStep(3, 2)
    expect(says({})).toBe(false)
  })

  it('predates a member that was given a later one first, however many came since', async () => {
    expect(keys.predates(encodeKid(0, camera.idx, 0))).toBe(false)
    const [third, fourth] = [await SendChain.create(3, ALICE), await SendChain.create(4, ALICE)]
    for (let step = 0; step < 2; step++) await third.ratchet()
    give(third)
    give(fourth)
    for (const [gen, step] of [
      [2, 0],
      [2, 9],
      [3, 0],
      [3, 1],
    ] as const) {
      expect(keys.predates(encodeKid(gen, 1, step)), `${gen}.${step}`).toBe(true)
    }
    for (const [gen, step] of [
      [3, 2],
      [3, 9],
      [4, 0],
      [4, 1],
      [5, 0],
    ] as const) {
      expect(keys.predates(encodeKid(gen, 1, step)), `${gen}.${step}`).toBe(false)
    }
  })
})
