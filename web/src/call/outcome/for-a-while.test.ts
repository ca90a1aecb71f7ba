import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ForAWhile, SOON_MS } from './for-a-while.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function said() {
  const over: string[] = []
  return { over, news: new ForAWhile((text) => over.push(text)) }
}

it('is over after twelve seconds, however often it is said meanwhile', () => {
  const { over, news } = said()
  for (let second = 0; second < 12; second++) {
    expect(over).toEqual([])
    news.say(['microphone'])
    vi.advanceTimersByTime(1000)
  }
  expect(over).toEqual(['microphone'])
  news.say(['microphone'])
  vi.advanceTimersByTime(SOON_MS)
  expect(over).toEqual(['microphone'])
})

it('has its whole time again when it comes back, each thing for itself', () => {
  const { over, news } = said()
  news.say(['microphone'])
  vi.advanceTimersByTime(SOON_MS - 1000)
  news.say(['camera'])
  news.say(['camera', 'microphone'])
  vi.advanceTimersByTime(SOON_MS - 1)
  expect(over).toEqual([])
  vi.advanceTimersByTime(1)
  expect(over).toEqual(['camera', 'microphone'])
})

it('says nothing any more once it is closed', () => {
  const { over, news } = said()
  news.say(['microphone'])
  news.close()
  vi.advanceTimersByTime(SOON_MS)
  expect(over).toEqual([])
})
