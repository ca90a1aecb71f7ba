import { expect, it } from 'vitest'
import type { Context } from '../context.ts'
import type { Rows } from '../../store/store.ts'
import { Bearers, type Use } from './bearer.ts'

/** A server that knows no token at all. */
function strangersOnly() {
  const noted: { from: string; about: string }[] = []
  const context = {
    now: () => 0,
    store: { apiTokens: { byHash: () => Promise.resolve(undefined) } },
    refusals: {
      note: ({ from }: { from: string }, { about }: { about: string }) =>
        void noted.push({ from, about }),
    },
  }
  const bearers = new Bearers(context as unknown as Context)
  const admit = (asked: Use) => bearers.admit(asked, context.store as unknown as Rows)
  return { admit, noted }
}

const guess = (n: number): string => `hct_${String(n).padStart(43, 'A')}`
const use = { route: 'GET /api/admin/settings', scope: 'settings:read' } as const

it('Q guesses of API tokens are counted by the network they come from, and no guess is remembered', async () => {
  const { admit, noted } = strangersOnly()
  const codes: string[] = []
  for (let n = 0; n < 40; n += 1) {
    const trying = admit({ ...use, secret: guess(n), from: `2001:db8::${n.toString(16)}` })
    codes.push(
      await trying.then(
        () => 'ok',
        (error: unknown) => (error as { code: string }).code,
      ),
    )
  }
  expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'token-unknown'))
  expect(codes.slice(30)).toEqual(Array.from({ length: 10 }, () => 'too-many-tries'))
  // Beyond the ceiling nothing is passed on, and what is names the route alone.
  expect(noted).toHaveLength(30)
  expect(JSON.stringify(noted)).not.toContain('hct_')
  const elsewhere = admit({ ...use, secret: guess(41), from: '203.0.113.9' })
  await expect(elsewhere).rejects.toMatchObject({ code: 'token-unknown' })
})
