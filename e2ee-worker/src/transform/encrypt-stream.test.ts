/** Sealing transforms: nothing leaves in clear, whatever goes wrong. */
import { beforeEach, describe, expect, it } from 'vitest'
import { fakeTransformer, frameOf, type FakeTransformer } from '../../test/frames.ts'
import { MemberKeys } from '../keys/member-keys.ts'
import { SendChain } from '../keys/send-chain.ts'
import { Sender } from '../keys/sender.ts'
import type { Codec, E2eeCode, MemberId, StreamDescriptor } from '../protocol.ts'
import { attachEncrypt } from './encrypt-stream.ts'

const ME = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const secret = 'the very picture of the camera'

let now: number
let notes: E2eeCode[]
let sender: Sender
let transformer: FakeTransformer

const attach = (stream = camera) =>
  attachEncrypt(transformer, { sender, stream, note: (code) => notes.push(code), now: () => now })

beforeEach(async () => {
  now = 0
  notes = []
  transformer = fakeTransformer()
  sender = new Sender()
  sender.current = await SendChain.create(0, ME)
})

describe('encrypt transform', () => {
  it('seals every frame in order, and none contains what went in', async () => {
    const transform = attach()
    const keys = new MemberKeys(ME, () => now)
    keys.accept({ gen: 0, step: 0, baseKey: sender.current!.baseKey(), streams: [camera] })
    for (let i = 0; i < 20; i++) await transformer.push(frameOf(`${secret} ${i}`, 'delta'))
    for (const [i, { data }] of transformer.out.entries()) {
      const wire = new Uint8Array(data)
      expect(Buffer.from(data).includes(secret.slice(0, 8))).toBe(false)
      const opened = await keys.open(wire.subarray(1), 'video', wire.subarray(0, 1))
      expect(new TextDecoder().decode(opened)).toBe(`${secret} ${i}`)
    }
    expect(transform.stats()).toMatchObject({ dir: 'encrypt', id: '1', passed: 20, refused: {} })
  })

  it('puts the key frame prefix before key frames', async () => {
    attach()
    await transformer.push(frameOf(secret, 'key'))
    const head = new Uint8Array(transformer.out[0]!.data, 0, 6)
    expect([...head]).toEqual([0x10, 0, 0, 0x9d, 0x01, 0x2a])
  })

  it('P4 drops frames while there is no key, and says so once a second', async () => {
    sender.current = null
    const transform = attach()
    for (let i = 0; i < 30; i++) {
      await transformer.push(frameOf(secret, 'delta'))
      now += 100
    }
    expect(transformer.out).toEqual([])
    expect(notes).toEqual(['E_NO_KEY', 'E_NO_KEY', 'E_NO_KEY'])
    expect(transform.stats().refused).toEqual({ E_NO_KEY: 30 })
    sender.current = await SendChain.create(0, ME)
    await transformer.push(frameOf(secret, 'delta'))
    expect(transformer.out).toHaveLength(1)
  })

  it('P4 drops frames of a codec it does not know and key frames it cannot wrap', async () => {
    const transform = attach({ ...camera, codec: 'h264' as Codec })
    await transformer.push(frameOf(secret, 'key'))
    expect(transformer.out).toEqual([])
    expect(transform.stats().refused).toEqual({ E_CODEC: 1 })
  })

  it('F10 drops frames once the counter has run out', async () => {
    sender.current = await SendChain.create(0, ME, { firstCtr: 2 ** 32 - 2 })
    const transform = attach()
    for (let i = 0; i < 3; i++) await transformer.push(frameOf(secret, 'delta'))
    expect(transformer.out).toHaveLength(1)
    expect(transform.stats().refused).toEqual({ E_CTR: 2 })
  })

  it('P4 drops frames when the cipher itself fails, and goes on with the next', async () => {
    let broken = true
    const failing = {
      seal: (...args: Parameters<Sender['seal']>) =>
        broken ? Promise.reject(new TypeError('engine fault')) : sender.seal(...args),
    }
    const transform = attachEncrypt(transformer, {
      sender: failing,
      stream: camera,
      note: (code) => notes.push(code),
      now: () => now,
    })
    await transformer.push(frameOf(secret, 'delta'))
    broken = false
    await transformer.push(frameOf(secret, 'delta'))
    expect(transformer.out).toHaveLength(1)
    expect(transform.stats().refused).toEqual({ E_INTERNAL: 1 })
    expect(notes).toEqual(['E_INTERNAL'])
  })

  it('all streams move to a new key at once', async () => {
    attach()
    await transformer.push(frameOf(secret, 'delta'))
    sender.current = await SendChain.create(9, ME)
    await transformer.push(frameOf(secret, 'delta'))
    // KID 9 << 12 | 1 << 8 is two bytes long: 0x9100.
    expect([...new Uint8Array(transformer.out[1]!.data, 1, 3)]).toEqual([0x90, 0x91, 0x00])
  })

  it('ends without an error when the connection closes', async () => {
    const transform = attach()
    await transformer.end()
    await expect(transform.ended).resolves.toBeUndefined()
  })
})
