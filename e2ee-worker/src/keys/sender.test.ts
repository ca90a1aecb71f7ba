/** The sender key in use: one generation at a time, and the one before it is gone. */
import { describe, expect, it } from 'vitest'
import type { MemberId, StreamDescriptor } from '../protocol.ts'
import { decodeHeader } from '../sframe/header.ts'
import { decodeKid } from './kid.ts'
import { SendChain } from './send-chain.ts'
import { Sender } from './sender.ts'

const ME = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const screen: StreamDescriptor = { idx: 2, kind: 'screen', codec: 'vp8' }
const none = new Uint8Array(0)
const frame = new TextEncoder().encode('frame').buffer
const failure = (code: string) => expect.objectContaining({ code }) as Error

async function genOf(sender: Sender, stream = camera): Promise<number> {
  const { kid } = decodeHeader(await sender.seal(stream, none, frame))
  return decodeKid(kid).gen
}

describe('sender key', () => {
  it('K2 of the generation before is erased when the next one comes into use', async () => {
    const sender = new Sender()
    expect(sender.inUse(0)).toBeNull()
    const [first, second] = [await SendChain.create(0, ME), await SendChain.create(1, ME)]
    sender.use(first, 1000)
    sender.use(second, 3000)
    expect(() => first.baseKey()).toThrow(failure('E_STATE'))
    expect(second.baseKey().byteLength).toBe(64)
    expect(sender.inUse(3500)).toEqual({ generation: 1, step: 0, keyAgeMs: 500 })
  })

  it('without a key the sender seals nothing', async () => {
    const sender = new Sender()
    await expect(genOf(sender)).rejects.toThrow(failure('E_NO_KEY'))
    sender.current = await SendChain.create(0, ME)
    expect(await genOf(sender)).toBe(0)
    sender.current = await SendChain.create(1, ME)
    expect(await genOf(sender)).toBe(1)
    expect(await genOf(sender, screen)).toBe(1)
  })
})
