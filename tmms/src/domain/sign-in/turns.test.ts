import { describe, expect, it } from 'vitest'
import { Turns } from './turns.ts'

const tooMany = expect.objectContaining({ code: 'too-many-tries' }) as unknown

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
    await expect(turns.run('a', () => Promise.resolve())).rejects.toThrow(tooMany)
    gate.resolve(undefined)
    await first
    await expect(turns.run('a', () => Promise.resolve('in'))).resolves.toBe('in')
  })
})
