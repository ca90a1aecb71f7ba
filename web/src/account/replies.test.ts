/** The contract of the TMMS against what the page takes for its answers. */
import { ROUTES, type Route } from '@huisclos/tmms/contract/routes'
import { expect, it } from 'vitest'
import { contentTypeOf, isReply } from './replies.ts'

const JWS = 'aGVhZA.Ym9keQ.c2ln'
/** Nobody calls it by script: it is a download. */
const DOWNLOADS: readonly string[] = ['GET /api/admin/audit/export']
const routes = (Object.keys(ROUTES) as Route[]).filter((route) => !DOWNLOADS.includes(route))

it.each(routes)('I11 %s is answered in the form that the contract gives it', (route) => {
  const { reply } = ROUTES[route]
  const text = !reply.safeParse({}).success && reply.safeParse('text').success
  expect(contentTypeOf(route)).toBe(text ? 'text/plain' : 'application/json')
  for (const other of ['<html>', null, [], 7]) expect(isReply(route, other)).toBe(false)
  if (!text) expect(isReply(route, { token: JWS })).toBe(true)
})

it('I11 text that is no JWS is no key set, and such a token no token', () => {
  expect(isReply('GET /api/keys', JWS)).toBe(true)
  for (const text of ['', 'Please sign in.', '<html></html>', `${JWS}.x`, null])
    expect(isReply('GET /api/keys', text)).toBe(false)
  expect(isReply('POST /api/meetings/:id/join', { token: JWS })).toBe(true)
  for (const token of ['', '<html></html>', undefined, 7])
    expect(isReply('POST /api/meetings/:id/join', { token })).toBe(false)
})
