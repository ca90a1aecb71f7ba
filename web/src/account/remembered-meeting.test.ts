import { expect, it } from 'vitest'
import { RememberedMeeting } from './remembered-meeting.ts'

const HREF = `/j/q83vEjRWeJCrze8SNFZ4kA#v1.${'A'.repeat(43)}`

function storage(kept = new Map<string, string>()): Storage {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage
}

it('a meeting that somebody was on the way to is found again once, in another tab', () => {
  const shared = storage()
  new RememberedMeeting(() => shared).keep(HREF)
  const other = new RememberedMeeting(() => shared)
  expect(other.take()).toBe(HREF)
  expect(other.take()).toBeNull()
})

it('it is forgotten after two hours', () => {
  let now = 1_000
  const shared = storage()
  const memory = new RememberedMeeting(
    () => shared,
    () => now,
  )
  memory.keep(HREF)
  now += 2 * 3_600_000
  expect(memory.take()).toBeNull()
})

it.each(['', 'x', '{}', '{"href":"https://evil.example","atMs":1}', '{"href":"/j/x","atMs":"1"}'])(
  'what is no memory of ours (%s) leads nowhere',
  (text) => {
    const shared = storage(new Map([['huisclos-meeting', text]]))
    expect(
      new RememberedMeeting(
        () => shared,
        () => 1,
      ).take(),
    ).toBeNull()
  },
)

it('a browser that keeps nothing remembers nothing', () => {
  const memory = new RememberedMeeting(() => {
    throw new DOMException('denied', 'SecurityError')
  })
  memory.keep(HREF)
  expect(memory.take()).toBeNull()
})
