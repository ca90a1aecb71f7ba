/** One network may crowd, but never so that others find no place. */
import { expect, test } from 'vitest'
import { LIMITS } from './limits.ts'
import { Shares } from './shares.ts'

const take = (shares: Shares, network: string, times: number): number =>
  Array.from({ length: times }, () => shares.take(network)).filter(Boolean).length

test('Q7 one network takes its share and no more, and every place it gives is a place again', () => {
  const shares = new Shares({ places: 100, perNetwork: 40, reserved: 20, modest: 2 })
  expect(take(shares, 'one', 100)).toBe(40)
  shares.give('one')
  expect(take(shares, 'one', 100)).toBe(1)
})

test('Q7 many networks that crowd leave the reserve to those that do not', () => {
  const shares = new Shares({ places: 100, perNetwork: 40, reserved: 20, modest: 2 })
  const taken = ['one', 'two', 'three', 'four'].map((network) => take(shares, network, 100))
  expect(taken).toEqual([40, 40, 2, 2])
  expect(take(shares, 'modest', 5)).toBe(2)
})

test('Q7 1,020 unproven sockets of one address leave hundreds of places for all others', () => {
  const shares = new Shares(LIMITS.unproven)
  expect(take(shares, '192.0.2.7', 1_020)).toBe(LIMITS.unproven.perNetwork)
  const others = Array.from({ length: 500 }, (_, i) => take(shares, `198.51.100.${i}`, 1))
  expect(others).not.toContain(0)
})

test('an office of 300 people behind one address all find a place at the same moment', () => {
  expect(take(new Shares(LIMITS.unproven), '192.0.2.7', 300)).toBe(300)
})
