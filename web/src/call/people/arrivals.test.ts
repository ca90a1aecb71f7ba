import { expect, it } from 'vitest'
import { Arrivals, type Person } from './arrivals.ts'

const person = (name: string, peerId = name): Person => ({ peerId, id: `account of ${name}`, name })
const [ada, grace] = [person('Ada'), person('Grace')]

function told(arrivals: Arrivals, people: readonly Person[]) {
  const { came, gone } = arrivals.news(people)
  return { came: came.map(({ name }) => name), gone: gone.map(({ name }) => name) }
}

it('whoever was there before us has not come, also when the name is verified later', () => {
  const arrivals = new Arrivals()
  arrivals.roster(['Ada', 'Grace'])
  expect(told(arrivals, [])).toEqual({ came: [], gone: [] })
  expect(told(arrivals, [ada])).toEqual({ came: [], gone: [] })
  expect(told(arrivals, [ada, grace])).toEqual({ came: [], gone: [] })
  expect(told(arrivals, [grace])).toEqual({ came: [], gone: ['Ada'] })
})

it('whoever comes after us is told of once, and so is who went and comes back', () => {
  const arrivals = new Arrivals()
  arrivals.roster(['Ada'])
  expect(told(arrivals, [ada, grace])).toEqual({ came: ['Grace'], gone: [] })
  expect(told(arrivals, [ada, grace])).toEqual({ came: [], gone: [] })
  expect(told(arrivals, [grace])).toEqual({ came: [], gone: ['Ada'] })
  expect(told(arrivals, [ada, grace])).toEqual({ came: ['Ada'], gone: [] })
})

it('who came while our own connection was cut has come', () => {
  const arrivals = new Arrivals()
  arrivals.roster(['Ada'])
  told(arrivals, [ada])
  arrivals.roster(['Ada', 'Grace'])
  expect(told(arrivals, [ada, grace])).toEqual({ came: ['Grace'], gone: [] })
})

it('a reload is neither coming nor going', () => {
  const arrivals = new Arrivals()
  arrivals.roster(['Ada'])
  told(arrivals, [ada])
  expect(told(arrivals, [person('Ada', 'Ada again')])).toEqual({ came: [], gone: [] })
})
