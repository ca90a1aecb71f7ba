/** Receiving keys of one member: found by KID, moved on only by frames that open, kept no longer than they must. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, StreamDescriptor, StreamKind } from '../protocol.ts'
import { sframe, type Cipher } from '../sframe/cipher.ts'
import { decodeHeader, encodeHeader } from '../sframe/header.ts'
import { frameMetadata } from './frame-metadata.ts'
import { encodeKid } from './kid.ts'
import { MemberKeys } from './member-keys.ts'
import { SendChain } from './send-chain.ts'
import { fromHex, join, type Bytes } from '../wire.ts'

const ALICE = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId
const BOB = 'b04220636da827524b21f44cd99738f1' as MemberId
const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
const screen: StreamDescriptor = { idx: 2, kind: 'screen', codec: 'vp8' }
const streams = [camera, screen]
const prefix = Uint8Array.of(0x31)
const plaintext = new TextEncoder().encode('frame')

let now: number
let derived: { ratchets: number; opens: number }
let keys: MemberKeys

const counting: Cipher = {
  ...sframe,
  ratchetBaseKey(...args) {
    derived.ratchets++
    return sframe.ratchetBaseKey(...args)
  },
  open(...args) {
    derived.opens++
    return sframe.open(...args)
  },
}

const failure = (code: string) => expect.objectContaining({ code }) as Error
const open = (wire: Bytes, kind: StreamKind = 'video') =>
  keys.open(wire.subarray(1), kind, wire.subarray(0, 1))
const give = (chain: SendChain, to = keys) =>
  to.accept({ gen: chain.gen, step: chain.step, baseKey: chain.baseKey(), streams })
const seal = (chain: SendChain, stream = camera) => chain.seal(stream, prefix, plaintext.buffer)

/** As a member does who was given this key: the step and the counter are its own choice. */
async function sealUnder(baseKey: Bytes, step: number, ctr = 0n): Promise<Bytes> {
  let key = baseKey
  for (let at = 0; at < step; at++) key = await sframe.ratchetBaseKey(key)
  const frameKey = await sframe.deriveFrameKey(key, encodeKid(0, camera.idx, step), 'encrypt')
  const metadata = frameMetadata(fromHex(ALICE, 16), 'video', 'vp8', prefix)
  const { header, body } = await sframe.seal(frameKey, ctr, metadata, plaintext.slice().buffer)
  return join(prefix, header, body)
}

async function steps(chain: SendChain, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await chain.ratchet()
}

function forged(gen: number, stream: number, step: number): Bytes {
  const header = encodeHeader((BigInt(gen) << 12n) | BigInt((stream << 8) | step), 0n)
  const wire = new Uint8Array(1 + header.byteLength + 32)
  wire.set(prefix)
  wire.set(header, 1)
  return wire
}

beforeEach(() => {
  now = 1000
  derived = { ratchets: 0, opens: 0 }
  keys = new MemberKeys(ALICE, () => now, { cipher: counting })
})

describe('frames', () => {
  it('open with the key of their sender', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    expect(await open(await seal(chain))).toEqual(plaintext)
    expect(await open(await seal(chain, screen), 'screen')).toEqual(plaintext)
  })

  it('F2 a flipped bit in any byte of prefix, header, ciphertext or tag is refused', async () => {
    const chain = await SendChain.create(5, ALICE)
    give(chain)
    const wire = await seal(chain)
    for (let bit = 0; bit < wire.byteLength * 8; bit++) {
      const changed = wire.slice()
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7))
      await expect(open(changed), `bit ${bit}`).rejects.toThrow(/E_/)
    }
    expect(await open(wire)).toEqual(plaintext)
  })

  it('F2 a frame cut off at any length is refused', async () => {
    const chain = await SendChain.create(5, ALICE)
    give(chain)
    const wire = await seal(chain)
    for (let length = 1; length < wire.byteLength; length++) {
      await expect(open(wire.subarray(0, length)), `length ${length}`).rejects.toThrow(/E_/)
    }
  })

  it('F3 a repeated frame is refused, also while the first is being opened', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const wire = await seal(chain)
    const both = await Promise.allSettled([open(wire), open(wire)])
    expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    // Two were under way at once; from then on a repetition costs no decryption.
    await expect(open(wire)).rejects.toThrow(failure('E_FRAME_REPLAY'))
    expect(derived.opens).toBe(2)
  })

  it('F3 F4 frames may change order within the window, not beyond it', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const wires: Bytes[] = []
    for (let i = 0; i < 1027; i++) wires.push(await seal(chain))
    expect(await open(wires[1026]!)).toEqual(plaintext)
    for (const ctr of [3, 900, 4]) expect(await open(wires[ctr]!)).toEqual(plaintext)
    for (const ctr of [2, 1]) {
      await expect(open(wires[ctr]!)).rejects.toThrow(failure('E_FRAME_REPLAY'))
    }
  })

  it('F5 a frame of an unknown generation is refused without any work', async () => {
    const chain = await SendChain.create(7, ALICE)
    const wire = await seal(chain)
    await expect(open(wire)).rejects.toThrow(failure('E_NO_KEY'))
    give(await SendChain.create(0, ALICE))
    await expect(open(wire)).rejects.toThrow(failure('E_NO_KEY'))
    expect(derived).toEqual({ ratchets: 0, opens: 0 })
  })

  it('F8 a frame of one member never opens as another, even when the key were the same', async () => {
    const chain = await SendChain.create(0, ALICE)
    const bob = new MemberKeys(BOB, () => now, { cipher: counting })
    give(chain, bob)
    const wire = await seal(chain)
    const opened = bob.open(wire.subarray(1), 'video', prefix)
    await expect(opened).rejects.toThrow(failure('E_FRAME_AUTH'))
  })

  it('F9 the camera of a member never opens as its screen', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const wire = await seal(chain)
    await expect(open(wire, 'screen')).rejects.toThrow(failure('E_STREAM'))
    await expect(open(wire, 'audio')).rejects.toThrow(failure('E_STREAM'))
  })

  it('I1 a stream that is not announced yet has no key, and nobody is accused of it', async () => {
    const chain = await SendChain.create(0, ALICE)
    keys.accept({ gen: 0, step: 0, baseKey: chain.baseKey(), streams: [camera] })
    const wire = await seal(chain, screen)
    await expect(open(wire, 'screen')).rejects.toThrow(failure('E_NO_KEY'))
  })

  it('F13 a frame is tried with one key only', async () => {
    const [old, fresh] = [await SendChain.create(0, ALICE), await SendChain.create(1, ALICE)]
    give(old)
    give(fresh)
    const wire = await seal(fresh)
    // The KID says generation 0, so only that key is asked, although generation 1 would open the ciphertext.
    const relabelled = forged(0, camera.idx, 0)
    const body = wire.subarray(1 + decodeHeader(wire.subarray(1)).length)
    const swapped = Uint8Array.from([
      ...relabelled.subarray(0, relabelled.byteLength - 32),
      ...body,
    ])
    await expect(open(swapped)).rejects.toThrow(failure('E_FRAME_AUTH'))
    expect(derived.opens).toBe(1)
  })

  it('a counter no sender can reach is refused', async () => {
    give(await SendChain.create(0, ALICE))
    const header = encodeHeader(encodeKid(0, camera.idx, 0), 2n ** 32n)
    const wire = Uint8Array.from([...prefix, ...header, ...new Uint8Array(32)])
    await expect(open(wire)).rejects.toThrow(failure('E_CTR'))
  })
})

describe('ratchet steps', () => {
  it('F6 a forged KID 150 steps ahead changes nothing and is paid for once', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const early = await seal(chain)
    for (let i = 0; i < 20; i++) {
      await expect(open(forged(0, 1, 150))).rejects.toThrow(failure('E_FRAME_AUTH'))
    }
    expect(derived.ratchets).toBe(150)
    expect(keys.newest()).toEqual({ gen: 0, step: 0 })
    now += 60_000
    expect(await open(early)).toEqual(plaintext)
    await chain.ratchet()
    expect(await open(await seal(chain))).toEqual(plaintext)
    expect(derived.ratchets).toBe(150)
  })

  it('F6 frames of many streams that ask for a far step at once derive it once', async () => {
    give(await SendChain.create(0, ALICE))
    const asked = [1, 2, 1, 2].map((stream) =>
      open(forged(0, stream, 150), stream === 1 ? 'video' : 'screen'),
    )
    await Promise.allSettled(asked)
    expect(derived.ratchets).toBe(150)
  })

  it('F6 step 201 is dropped without any work', async () => {
    give(await SendChain.create(0, ALICE))
    await expect(open(forged(0, 1, 201))).rejects.toThrow(failure('E_NO_KEY'))
    expect(derived).toEqual({ ratchets: 0, opens: 0 })
  })

  it('F6 after 15 silent minutes the first frame opens', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    await steps(chain, 15)
    now += 15 * 60_000
    expect(await open(await seal(chain))).toEqual(plaintext)
    expect(keys.newest()).toEqual({ gen: 0, step: 0 })
    await keys.commitStep(0, 15)
    expect(keys.newest()).toEqual({ gen: 0, step: 15 })
  })

  it('F6 a member who seals under a far step of another’s key keeps none of her frames out', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    expect(await open(await sealUnder(chain.baseKey(), 200))).toEqual(plaintext)
    now += 11_000
    expect(await open(await seal(chain))).toEqual(plaintext)
    await chain.ratchet()
    give(chain)
    expect(await open(await seal(chain))).toEqual(plaintext)
    expect(keys.newest()).toEqual({ gen: 0, step: 1 })
  })

  it('the two steps before stay for 5 s once their sender vouched for the one that opened', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const late: Bytes[] = []
    for (let step = 0; step < 3; step++) {
      late.push(await seal(chain), await seal(chain))
      await chain.ratchet()
    }
    expect(await open(await seal(chain))).toEqual(plaintext)
    now += 60_000
    expect(await open(late[0]!)).toEqual(plaintext)
    await keys.commitStep(0, 3)
    await expect(open(late[1]!)).rejects.toThrow(failure('E_NO_KEY'))
    now += 4999
    expect(await open(late[2]!)).toEqual(plaintext)
    expect(await open(late[4]!)).toEqual(plaintext)
    now += 1
    await expect(open(late[3]!)).rejects.toThrow(failure('E_NO_KEY'))
    await expect(open(late[5]!)).rejects.toThrow(failure('E_NO_KEY'))
  })

  it('K1 a newcomer given a later step cannot open earlier frames', async () => {
    const chain = await SendChain.create(0, ALICE)
    const recorded = await seal(chain)
    await chain.ratchet()
    give(chain)
    await expect(open(recorded)).rejects.toThrow(failure('E_NO_KEY'))
    expect(await open(await seal(chain))).toEqual(plaintext)
  })

  it('a step named by its sender is committed without a frame, and old steps go after 10 s', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const [early, later] = [await seal(chain), await seal(chain)]
    await chain.ratchet()
    await keys.commitStep(0, 1)
    expect(keys.newest()).toEqual({ gen: 0, step: 1 })
    now += 9999
    expect(await open(early)).toEqual(plaintext)
    now += 1
    await expect(open(later)).rejects.toThrow(failure('E_NO_KEY'))
    expect(await open(await seal(chain))).toEqual(plaintext)
  })
})

describe('what its sender says to have sent', () => {
  const said = { gen: 0, step: 0, ctr: 400 }

  it('is missing as far as nothing of it opened', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    expect(keys.missing(camera.idx, said, 1000)).toBe(401)
    expect(await open(await sealUnder(chain.baseKey(), 0, 300n))).toEqual(plaintext)
    expect(keys.missing(camera.idx, said, 1000)).toBe(100)
    expect(await open(await sealUnder(chain.baseKey(), 0, 1400n))).toEqual(plaintext)
    expect(keys.missing(camera.idx, said, 1000)).toBe(0)
  })

  it('is missing whole where a counter beyond its reach opened: what is real is refused since', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    expect(await open(await sealUnder(chain.baseKey(), 0, 1401n))).toEqual(plaintext)
    expect(keys.missing(camera.idx, said, 1000)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is not there because something opened at a step that its sender never named', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    expect(await open(await sealUnder(chain.baseKey(), 9))).toEqual(plaintext)
    expect(keys.missing(camera.idx, said, 1000)).toBe(401)
    await keys.commitStep(0, 9)
    expect(keys.missing(camera.idx, said, 1000)).toBe(0)
  })
})

describe('sender keys', () => {
  it('H9 an older or equal key is refused and changes nothing', async () => {
    const chain = await SendChain.create(4, ALICE)
    await steps(chain, 3)
    give(chain)
    const baseKey = new Uint8Array(64)
    for (const [gen, step] of [
      [4, 3],
      [4, 2],
      [3, 9],
    ] as const) {
      expect(() => keys.accept({ gen, step, baseKey, streams })).toThrow(failure('E_KEY_ROLLBACK'))
    }
    expect(await open(await seal(chain))).toEqual(plaintext)
    expect(keys.newest()).toEqual({ gen: 4, step: 3 })
  })

  it('F3 K6 a key that frames were quicker than is taken once, and opens none of them again', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    await steps(chain, 2)
    const early = await seal(chain)
    expect(await open(early.slice())).toEqual(plaintext)
    const key = { gen: 0, step: 2, baseKey: chain.baseKey(), streams }
    keys.accept(key)
    await expect(open(early)).rejects.toThrow(failure('E_FRAME_REPLAY'))
    expect(await open(await seal(chain))).toEqual(plaintext)
    expect(() => keys.accept(key)).toThrow(failure('E_KEY_ROLLBACK'))
  })

  it('a key is refused as too old once its sender vouched for a later step', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    await steps(chain, 2)
    const key = { gen: 0, step: 2, baseKey: chain.baseKey(), streams }
    await keys.commitStep(0, 2)
    expect(() => keys.accept(key)).toThrow(failure('E_KEY_ROLLBACK'))
  })

  it('a later step of the same generation opens frames before and after the switch', async () => {
    const chain = await SendChain.create(0, ALICE)
    keys.accept({ gen: 0, step: 0, baseKey: chain.baseKey(), streams: [camera] })
    const next = await chain.prepareNext()
    keys.accept({ gen: 0, ...next, streams })
    expect(await open(await seal(chain))).toEqual(plaintext)
    await chain.activate()
    expect(await open(await seal(chain, screen), 'screen')).toEqual(plaintext)
  })

  it('F7 the old generation stays 5 s after the first frame of the new one', async () => {
    const [old, fresh] = [await SendChain.create(0, ALICE), await SendChain.create(1, ALICE)]
    give(old)
    give(fresh)
    now += 3000
    await open(await seal(fresh))
    now += 4999
    expect(await open(await seal(old))).toEqual(plaintext)
    now += 1
    await expect(open(await seal(old))).rejects.toThrow(failure('E_NO_KEY'))
  })

  it('F7 the old generation is gone after 10 s even if the new one is never used', async () => {
    const [old, fresh] = [await SendChain.create(0, ALICE), await SendChain.create(1, ALICE)]
    give(old)
    give(fresh)
    now += 9999
    expect(await open(await seal(old))).toEqual(plaintext)
    now += 1
    await expect(open(await seal(old))).rejects.toThrow(failure('E_NO_KEY'))
    expect(await open(await seal(fresh))).toEqual(plaintext)
  })

  it('a third generation pushes out the first', async () => {
    const chains: SendChain[] = []
    for (const gen of [0, 1, 2]) {
      const chain = await SendChain.create(gen, ALICE)
      chains.push(chain)
      give(chain)
    }
    await expect(open(await seal(chains[0]!))).rejects.toThrow(failure('E_NO_KEY'))
    expect(await open(await seal(chains[1]!))).toEqual(plaintext)
    expect(await open(await seal(chains[2]!))).toEqual(plaintext)
  })

  it('a malformed key is refused', () => {
    const key = { gen: 0, step: 0, baseKey: new Uint8Array(63), streams }
    expect(() => keys.accept(key)).toThrow(failure('E_LEN'))
    expect(() => keys.accept({ ...key, baseKey: new Uint8Array(64), step: 201 })).toThrow(
      failure('E_LEN'),
    )
  })

  it('nothing opens once they are erased, not even a frame already on its way', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const opening = open(await seal(chain))
    keys.erase()
    await expect(opening).rejects.toThrow(failure('E_NO_KEY'))
    await expect(open(await seal(chain))).rejects.toThrow(failure('E_NO_KEY'))
    expect(keys.newest()).toBeNull()
    expect(keys.codecOf('video')).toBeNull()
  })

  it('F3 what opened in an earlier stay stays known through one without any key', async () => {
    const chain = await SendChain.create(0, ALICE)
    give(chain)
    const wire = await seal(chain)
    await open(wire)
    for (let stay = 0; stay < 2; stay++) {
      keys = new MemberKeys(ALICE, () => now, { before: keys.seen() })
    }
    give(chain)
    await expect(open(wire)).rejects.toThrow(failure('E_FRAME_REPLAY'))
    expect(await open(await seal(chain))).toEqual(plaintext)
  })

  it('says which codec a kind has been announced with', async () => {
    expect(keys.codecOf('video')).toBeNull()
    give(await SendChain.create(0, ALICE))
    expect(keys.codecOf('video')).toBe('vp8')
    expect(keys.codecOf('audio')).toBeNull()
  })
})
