import { describe, expect, it } from 'vitest'
import { ExpiringMap } from './expiring-map.ts'

function full(): ExpiringMap<number> {
  const memory = new ExpiringMap<number>(3)
  for (const [n, key] of ['a', 'b', 'c'].entries()) memory.keep(key, n, 100 + n)
  return memory
}

describe('H4 a full memory', () => {
  it('refuses what is new rather than forget what can still be played again', () => {
    const memory = full()
    expect(() => memory.makeRoom(1, 100)).toThrow('E_STATE')
    expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([0, 1, 2])
  })

  it('forgets as much as it must, and only of what is over', () => {
    const memory = full()
    memory.makeRoom(1, 102)
    expect(['a', 'b', 'c'].map((key) => memory.has(key))).toEqual([false, true, true])
    expect(() => memory.makeRoom(3, 102)).toThrow('E_STATE')
    expect(['b', 'c'].map((key) => memory.has(key))).toEqual([false, true])
  })

  it('keeps what is over as long as there is room', () => {
    const memory = full()
    memory.makeRoom(0, 1000)
    expect(memory.has('a')).toBe(true)
  })

  it('keeps longer what was kept again', () => {
    const memory = full()
    memory.keep('a', 9, 300)
    memory.makeRoom(1, 200)
    expect(memory.get('a')).toBe(9)
    expect(memory.has('b')).toBe(false)
  })
})
