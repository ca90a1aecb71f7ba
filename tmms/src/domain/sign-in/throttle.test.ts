import { describe, expect, it } from 'vitest'
import { Buckets, FailureDelay, Turns, networkOf } from './throttle.ts'

const tooMany = (retryAfterS?: number): unknown =>
  expect.objectContaining({
    code: 'too-many-tries',
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  })

describe('A4 delays after failures', () => {
  it('five failures are 1 minute, then 2, 4, 8, 15, and 15 for ever: no hard lock', () => {
    let nowMs = 0
    const delay = new FailureDelay(() => nowMs)
    for (let n = 0; n < 4; n += 1) delay.take('ada')
    expect(() => delay.check('ada')).not.toThrow()
    for (const minutes of [1, 2, 4, 8, 15, 15, 15]) {
      delay.take('ada')
      expect(() => delay.check('ada')).toThrow(tooMany(minutes * 60))
      nowMs += minutes * 60_000
      expect(() => delay.check('ada')).not.toThrow()
    }
  })

  it('a success, or a day without failures, forgets them', () => {
    let nowMs = 0
    const delay = new FailureDelay(() => nowMs)
    for (let n = 0; n < 5; n += 1) delay.take('ada')
    delay.giveBack('ada')
    expect(() => delay.check('ada')).not.toThrow()
    for (let n = 0; n < 5; n += 1) delay.take('ada')
    nowMs += 25 * 3_600_000
    delay.take('ada')
    expect(() => delay.check('ada')).not.toThrow()
  })
})

describe('token buckets', () => {
  it('give what they hold and refill with time', () => {
    let nowMs = 0
    const buckets = new Buckets({ capacity: 2, perSecond: 0.5 }, () => nowMs)
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([true, true, false])
    expect(buckets.take('b')).toBe(true)
    expect(() => buckets.charge('a')).toThrow(tooMany(2))
    nowMs += 2_000
    expect(() => buckets.charge('a')).not.toThrow()
    expect(buckets.take('a')).toBe(false)
    nowMs += 3_600_000
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([true, true, false])
  })

  it('a clock that goes back gives nothing', () => {
    let nowMs = 10_000
    const buckets = new Buckets({ capacity: 1, perSecond: 1 }, () => nowMs)
    buckets.take('a')
    nowMs = 0
    expect(buckets.take('a')).toBe(false)
  })
})

describe('turns', () => {
  it('A4 run the work of one key one after another, also when it fails', async () => {
    const turns = new Turns(8)
    const order: string[] = []
    const gate = Promise.withResolvers<undefined>()
    const first = turns.run('a', async () => {
      await gate.promise
      order.push('first')
      throw new Error('failed')
    })
    const second = turns.run('a', () => Promise.resolve(order.push('second')))
    await turns.run('b', () => Promise.resolve(order.push('other key')))
    gate.resolve(undefined)
    await expect(first).rejects.toThrow('failed')
    await second
    expect(order).toEqual(['other key', 'first', 'second'])
  })

  it('A4 refuse when too many wait', async () => {
    const turns = new Turns(1)
    const gate = Promise.withResolvers<undefined>()
    const first = turns.run('a', () => gate.promise)
    await expect(turns.run('a', () => Promise.resolve())).rejects.toThrow(tooMany())
    gate.resolve(undefined)
    await first
    await expect(turns.run('a', () => Promise.resolve('in'))).resolves.toBe('in')
  })
})

describe('A4 the network of a caller', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('%s belongs to %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
