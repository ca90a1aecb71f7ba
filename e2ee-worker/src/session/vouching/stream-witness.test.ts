/** Frames that opened beside the hashes that were signed: in both orders, in time, late, never, and wrong. */
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { VouchEntry } from '../../messages/vouch-statement.ts'
import { StreamWitness } from './stream-witness.ts'

const KID = { gen: 2, stream: 1, step: 5 }
let witness: StreamWitness

beforeEach(() => (witness = new StreamWitness(0)))

const frameOf = (ctr: number, tag = 0, bytes = 100): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: bytes }, (_, i) => ctr + tag * i)

const open = (ctr: number, tag = 0, kid = KID): void => witness.opened(kid, ctr, frameOf(ctr, tag))

function entry(firstCtr: number, count: number, { kid = KID, bytes = 100 } = {}): VouchEntry {
  const frames = Array.from({ length: count }, (_, i) => frameOf(firstCtr + i, 0, bytes))
  const hashes = frames.map((frame) => createHash('sha256').update(frame).digest().subarray(0, 8))
  return { ...kid, firstCtr, hashes: Uint8Array.from(Buffer.concat(hashes)) }
}

describe('a stream', () => {
  it('is nothing yet before its first frame is vouched for', () => {
    open(0)
    witness.sweep(500)
    expect(witness.verdict()).toBeNull()
    witness.vouch(entry(0, 1))
    expect(witness.verdict()).toBe('vouched')
    expect(witness.verdict()).toBeNull()
  })

  it('is vouched for whether the frames come first or the vouch does', () => {
    for (const ctr of [0, 1, 2]) open(ctr)
    witness.vouch(entry(0, 5))
    for (const ctr of [4, 3]) open(ctr)
    witness.sweep(1500)
    expect(witness.verdict()).toBe('vouched')
    witness.sweep(10_000)
    expect(witness.verdict()).toBeNull()
  })

  it('is vouched for when a receiver gets one layer of three', () => {
    for (let ctr = 0; ctr < 300; ctr += 3) {
      open(ctr)
      if (ctr % 30 === 0) witness.vouch(entry(ctr, 30))
    }
    witness.sweep(5000)
    expect(witness.verdict()).toBe('vouched')
  })

  it('is unvouched when a frame is not vouched for within two seconds', () => {
    open(0)
    witness.vouch(entry(0, 1))
    open(1)
    witness.sweep(1999)
    expect(witness.verdict()).toBe('vouched')
    witness.sweep(2000)
    expect(witness.verdict()).toBe('unvouched')
  })

  it('I3 is itself again once every late vouch has come, although no further frame does', () => {
    for (const ctr of [0, 1]) open(ctr)
    witness.sweep(2500)
    witness.vouch(entry(0, 2))
    witness.sweep(7499)
    expect(witness.verdict()).toBe('unvouched')
    witness.sweep(7500)
    expect(witness.verdict()).toBe('vouched')
  })

  it('stays unvouched while a vouch is owed, also after a cut', () => {
    for (const ctr of [0, 1]) open(ctr)
    witness.sweep(2500)
    witness.vouch(entry(0, 1))
    witness.sweep(60_000)
    expect(witness.verdict()).toBe('unvouched')
    witness.forgetWaiting()
    witness.sweep(120_000)
    expect(witness.verdict()).toBeNull()
  })

  it('V7 is not itself again by a vouch that was owed from before it last was', () => {
    open(0)
    witness.sweep(2500)
    witness.sweep(7400)
    open(1)
    witness.sweep(7600)
    witness.vouch(entry(1, 1))
    expect(witness.verdict()).toBe('vouched')
    open(2)
    witness.sweep(10_000)
    witness.vouch(entry(0, 1))
    witness.sweep(16_000)
    expect(witness.verdict()).toBe('unvouched')
  })

  it.each([
    ['step', { ...KID, step: 6 }, 3],
    ['generation', { ...KID, gen: 3 }, 3],
    ['counter', KID, 3 + 1024],
  ])('is unvouched when only the %s differs from the vouch, in either order', (_what, kid, ctr) => {
    open(3)
    witness.vouch(entry(ctr, 1, { kid }))
    expect(witness.verdict()).toBeNull()
    witness.sweep(2000)
    expect(witness.verdict()).toBe('unvouched')
    witness = new StreamWitness(0)
    witness.vouch(entry(ctr, 1, { kid }))
    open(3)
    expect(witness.verdict()).toBeNull()
    witness.sweep(2000)
    expect(witness.verdict()).toBe('unvouched')
  })

  it('is forged at once when another frame is vouched for, in either order', () => {
    open(7, 1)
    witness.vouch(entry(7, 1))
    expect(witness.verdict()).toBe('forged')
    witness = new StreamWitness(0)
    witness.vouch(entry(7, 1))
    open(7, 1)
    expect(witness.verdict()).toBe('forged')
  })

  it('is forged when either half of the hash differs', () => {
    for (const at of [0, 3, 4, 7]) {
      witness = new StreamWitness(0)
      const vouched = entry(7, 1)
      vouched.hashes[at] = (vouched.hashes[at] ?? 0) ^ 1
      open(7)
      witness.vouch(vouched)
      expect(witness.verdict(), `byte ${at}`).toBe('forged')
    }
  })

  it('is not forged by the late hash of a frame whose place another one has', async () => {
    const done = vi.spyOn(crypto.subtle, 'digest')
    witness.opened(KID, 0, frameOf(0, 0, 60_000))
    for (let ctr = 1; ctr < 1024; ctr++) open(ctr * 1024)
    witness.opened(KID, 9, frameOf(9, 0, 60_000))
    expect(witness.verdict()).toBe('unvouched')
    witness.vouch(entry(9, 1, { bytes: 60_000 }))
    await Promise.all(done.mock.results.map(({ value }) => value as Promise<ArrayBuffer>))
    done.mockRestore()
    await vi.waitFor(() => expect(witness.verdict()).toBe('unvouched'), { timeout: 20_000 })
  })

  it('one bit of difference in a long frame is a forgery too', async () => {
    const frame = frameOf(0, 0, 60_000)
    frame[59_999] = (frame[59_999] ?? 0) ^ 1
    witness.opened(KID, 0, frame)
    witness.vouch(entry(0, 1, { bytes: 60_000 }))
    await vi.waitFor(() => expect(witness.verdict()).toBe('forged'), { timeout: 20_000 })
  })

  it('long frames are vouched for, whichever comes first', async () => {
    witness.opened(KID, 0, frameOf(0, 0, 60_000))
    witness.vouch(entry(0, 2, { bytes: 60_000 }))
    await vi.waitFor(() => expect(witness.verdict()).toBe('vouched'), { timeout: 20_000 })
    witness.opened(KID, 1, frameOf(1, 0, 60_000))
    await vi.waitFor(() => expect(witness.verdict()).toBe('vouched'), { timeout: 20_000 })
    witness.sweep(9000)
    expect(witness.verdict()).toBeNull()
  })

  it('stays forged while frames follow that are left out, and is clean after five seconds without', () => {
    open(0, 1)
    witness.vouch(entry(0, 1))
    open(1)
    witness.sweep(2000)
    expect(witness.verdict()).toBe('forged')
    for (const [ctr, now] of [
      [2, 3000],
      [3, 6999],
    ] as const) {
      witness.sweep(now)
      open(ctr)
      witness.vouch(entry(ctr, 1))
      expect(witness.verdict()).toBe('forged')
    }
    witness.sweep(7000)
    open(4)
    witness.vouch(entry(4, 1))
    expect(witness.verdict()).toBe('vouched')
  })

  /** Frames that come 100 ms after each other and are vouched for at once, which says how new the word is. */
  function speak(from: number, to: number): void {
    for (let now = from; now < to; now += 100) {
      witness.sweep(now)
      open(now / 100)
      const openedAt = witness.vouch(entry(now / 100, 1))
      if (openedAt !== null) witness.spoken(openedAt)
    }
  }

  it.each([
    ['a counter far ahead', 1_000_000, KID],
    ['F6 a step that is not reached yet', 0, { ...KID, step: 55 }],
  ])('V7 is forged at %s once its sender spoke four seconds later', (_what, ctr, kid) => {
    open(ctr, 0, kid)
    speak(0, 2000)
    expect(witness.verdict()).toBe('vouched')
    speak(2000, 4000)
    expect(witness.verdict()).toBe('unvouched')
    speak(4000, 4100)
    expect(witness.verdict()).toBe('forged')
  })

  it('V7 is forged just ahead of what was vouched for as soon as that counter is', () => {
    speak(0, 1000)
    open(12, 1)
    for (const ctr of [10, 11]) witness.vouch(entry(ctr, 1))
    expect(witness.verdict()).toBe('vouched')
    witness.vouch(entry(12, 1))
    expect(witness.verdict()).toBe('forged')
  })

  it('V7 is forged beyond the last counter of a step, two seconds after the next step is vouched for', () => {
    speak(0, 1000)
    open(15)
    witness.vouch({ ...entry(0, 1), step: 6 })
    witness.sweep(2800)
    expect(witness.verdict()).toBe('vouched')
    witness.sweep(2900)
    expect(witness.verdict()).toBe('forged')
  })

  it('I3 frames that come 40 s after their hashes are vouched for', () => {
    witness.vouch(entry(0, 400))
    for (let ctr = 400; ctr < 2400; ctr += 400) witness.vouch(entry(ctr, 400))
    witness.sweep(40_000)
    for (let ctr = 0; ctr < 2400; ctr++) open(ctr)
    witness.sweep(43_000)
    expect(witness.verdict()).toBe('vouched')
  })

  it('I3 frames too old for their hashes are unvouched and not forged, whatever is vouched for after them', () => {
    for (let ctr = 0; ctr < 16_000; ctr += 400) witness.vouch(entry(ctr, 400))
    for (let ctr = 0; ctr < 200; ctr++) open(ctr)
    witness.sweep(9000)
    open(15_999)
    open(16_000)
    witness.spoken(witness.vouch(entry(16_000, 1)) ?? 0)
    witness.vouch({ ...entry(0, 1), step: 6 })
    witness.sweep(12_000)
    expect(witness.verdict()).toBe('unvouched')
  })

  it('I3 a frame that comes after its hash says nothing about others', () => {
    witness.vouch(entry(0, 2))
    open(5)
    witness.sweep(6000)
    open(1)
    expect(witness.vouch(entry(2, 1))).toBeNull()
    expect(witness.verdict()).toBe('unvouched')
  })

  it('V7 what its sender forgot while it was cut off is not forged', () => {
    witness.vouch(entry(0, 10))
    for (let ctr = 10; ctr < 20; ctr++) open(ctr)
    witness.vouch({ ...entry(30, 5), step: 6 })
    open(100, 0, { ...KID, step: 6 })
    witness.sweep(5000)
    open(36, 0, { ...KID, step: 6 })
    witness.vouch({ ...entry(35, 2), step: 6 })
    expect(witness.verdict()).toBe('unvouched')
  })

  it('nothing that opened before a vouch was lost is held against anybody', () => {
    speak(0, 1000)
    open(1_000_000)
    witness.forgive()
    speak(1000, 6000)
    expect(witness.verdict()).toBe('unvouched')
  })

  it('I1 is not forged when all vouches come 18 s late, and is itself again five seconds later', () => {
    for (let n = 0; n < 900; n++) {
      witness.sweep(n * 20)
      open(n)
    }
    expect(witness.verdict()).toBe('unvouched')
    for (let n = 0; n < 900; n++) witness.vouch(entry(n, 1))
    expect(witness.verdict()).toBe('unvouched')
    witness.sweep(23_000)
    open(900)
    witness.vouch(entry(900, 1))
    expect(witness.verdict()).toBe('vouched')
  })

  it('I1 is not forged when more came late than is kept', () => {
    for (let n = 0; n < 3000; n++) {
      witness.sweep(n * 20)
      open(n)
    }
    for (let n = 0; n < 3000; n++) witness.vouch(entry(n, 1))
    expect(witness.verdict()).toBe('unvouched')
  })

  it('does not count what waited while nobody could hear', () => {
    open(0)
    witness.forgetWaiting()
    witness.sweep(5000)
    expect(witness.verdict()).toBeNull()
  })

  it('frames that a forger piles up are noticed before their time, and push nothing out unseen', () => {
    for (let i = 0; i < 1024; i++) open(i * 1024)
    expect(witness.verdict()).toBeNull()
    open(1024 * 1024)
    expect(witness.verdict()).toBe('unvouched')
  })

  it('frames ten seconds late still find their hashes', () => {
    witness.vouch(entry(0, 400))
    witness.vouch(entry(400, 400))
    witness.sweep(10_000)
    for (let ctr = 0; ctr < 800; ctr++) open(ctr)
    witness.sweep(13_000)
    expect(witness.verdict()).toBe('vouched')
  })

  it('counters at the end of their range are told apart', () => {
    const last = 2 ** 32 - 2
    open(last)
    witness.vouch(entry(last, 1))
    expect(witness.verdict()).toBe('vouched')
  })
})
