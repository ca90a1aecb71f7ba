/** Rows that move while a list is read page by page. */
import { expect, it } from 'vitest'
import { everyPage, withPage, type Page } from './pages.ts'

const row = (id: string, name = id) => ({ id, name })

it('a row that moved to the following page is shown once, as it is now', () => {
  const shown = [row('a'), row('b')]
  expect(withPage(shown, [row('c'), row('a', 'renamed')])).toEqual([
    row('b'),
    row('c'),
    row('a', 'renamed'),
  ])
})

it('no page brings a key twice, whatever the server says', () => {
  expect(withPage([], [row('a'), row('a', 'again')])).toEqual([row('a', 'again')])
})

it('every page is read, and what moved comes once', async () => {
  const pages: Record<string, Page<{ id: string; name: string }>> = {
    first: { rows: [row('a'), row('b')], next: 'second' },
    second: { rows: [row('b', 'moved'), row('c')], next: null },
  }
  const all = await everyPage(({ cursor = 'first' }) => Promise.resolve(pages[cursor]!))
  expect(all).toEqual([row('a'), row('b', 'moved'), row('c')])
})
