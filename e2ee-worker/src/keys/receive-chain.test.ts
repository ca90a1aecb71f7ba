/** Steps of one generation as a receiver holds them: what is installed, vouched for, and out of reach. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { StreamDescriptor } from '../protocol.ts'
import { sframe } from '../sframe/cipher.ts'
import { ReceiveChain } from './receive-chain.ts'
import type { Bytes } from '../wire.ts'

const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const FAR = 1_000_000

let baseKey: Bytes
let chain: ReceiveChain

const held = (): number[] =>
  Array.from({ length: 205 }, (_, step) => step).filter((step) => chain.holds(step))

beforeEach(() => {
  baseKey = crypto.getRandomValues(new Uint8Array(64))
  chain = new ReceiveChain({ gen: 0, step: 0, baseKey: baseKey.slice() }, sframe)
})

describe('a step told by its sender', () => {
  it('takes the place of what was derived ahead of it, with all that follows', async () => {
    await chain.frameKey(camera.idx, 3)
    expect(chain.is(1, await sframe.ratchetBaseKey(baseKey))).toBe(true)
    expect(chain.accept(camera.idx, 1, 7)).toBe(true)
    const other = crypto.getRandomValues(new Uint8Array(64))
    chain.install(1, other.slice())
    expect(held()).toEqual([0, 1])
    // Counters of the key that went say nothing of this one.
    expect(chain.isFresh(camera.idx, 1, 7)).toBe(true)
    await chain.frameKey(camera.idx, 2)
    expect(chain.is(2, await sframe.ratchetBaseKey(other))).toBe(true)
  })

  it('that was derived already leaves in place what follows, and what opened under it', async () => {
    await chain.frameKey(camera.idx, 2)
    expect(chain.accept(camera.idx, 1, 7)).toBe(true)
    chain.install(1, await sframe.ratchetBaseKey(baseKey))
    expect(held()).toEqual([0, 1, 2])
    expect(chain.isFresh(camera.idx, 1, 7)).toBe(false)
  })

  it('overwrites the keys that it replaces', () => {
    const given = baseKey.slice()
    chain = new ReceiveChain({ gen: 0, step: 0, baseKey: given }, sframe)
    chain.install(0, crypto.getRandomValues(new Uint8Array(64)))
    expect(given).toEqual(new Uint8Array(64))
  })
})

describe('a step that its sender vouched for', () => {
  it('stays committed when an earlier one is vouched for at the same time', async () => {
    await Promise.all([chain.commit(3, FAR), chain.commit(1, FAR)])
    expect(chain.committed).toBe(3)
    expect(held()).toEqual([1, 2, 3])
  })

  it('F6 beyond the last one is ignored', async () => {
    await chain.commit(201, FAR)
    expect(chain.committed).toBe(0)
    expect(held()).toEqual([0])
    await chain.commit(200, FAR)
    expect(chain.committed).toBe(200)
  })

  it('commits nothing once everything is erased', async () => {
    chain.eraseAll()
    await chain.commit(2, FAR)
    expect(await chain.frameKey(camera.idx, 3)).toBeNull()
    expect(chain.committed).toBe(0)
    expect(held()).toEqual([])
  })

  it('is the furthest that opened, although a frame of the one before comes late', async () => {
    await chain.commit(2, FAR)
    chain.accept(camera.idx, 2, 4)
    chain.accept(camera.idx, 1, 900)
    chain.accept(2, 2, 70)
    expect(chain.furthest(camera.idx)).toEqual({ step: 2, ctr: 4 })
    expect(chain.furthest(3)).toBeNull()
  })
})
