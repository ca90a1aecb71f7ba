/** The contract of the TMMS against what the page takes for its answers. */
import { ROUTES, type Route } from '@huisclos/tmms/contract/routes'
import { expect, it } from 'vitest'
import type { z } from 'zod'
import { contentTypeOf, isReply } from './replies.ts'

const JWS = 'aGVhZA.Ym9keQ.c2ln'
const routes = Object.keys(ROUTES) as Route[]

/** The members that an answer always has; null for text. */
function required(schema: z.ZodType): readonly string[] | null {
  const { def } = schema as unknown as {
    def: { type: string; innerType?: z.ZodType; shape?: Record<string, z.ZodType> }
  }
  if (def.innerType !== undefined) return required(def.innerType)
  if (def.shape === undefined) return null
  return Object.entries(def.shape).flatMap(([name, member]) =>
    member.safeParse(undefined).success ? [] : [name],
  )
}

it.each(routes)('%s is known by the members that the contract gives it', (route) => {
  const members = required(ROUTES[route].reply)
  expect(contentTypeOf(route)).toBe(members === null ? 'text/plain' : 'application/json')
  if (members === null) return
  const whole = Object.fromEntries(members.map((name) => [name, name === 'token' ? JWS : null]))
  expect(isReply(route, whole)).toBe(true)
  for (const name of members) {
    const rest = Object.entries(whole).filter(([other]) => other !== name)
    expect(isReply(route, Object.fromEntries(rest)), name).toBe(false)
  }
  for (const other of ['<html>', null, [], 7]) expect(isReply(route, other)).toBe(false)
})

it('text that is no JWS is no key set, and such a token no token', () => {
  expect(isReply('GET /api/keys', JWS)).toBe(true)
  for (const text of ['', 'Please sign in.', '<html></html>', `${JWS}.x`, null])
    expect(isReply('GET /api/keys', text)).toBe(false)
})
