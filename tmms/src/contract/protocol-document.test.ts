/** docs/protocol.md is enough for a stranger to write a client: what stands there is checked against the contract. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ERROR_STATUS } from './errors.ts'
import * as limits from './limits.ts'
import type { RouteShape } from './route.ts'
import { ROUTES } from './routes.ts'
import { http, samplesOf } from '../../test/samples.ts'

describe('the document of the protocol', () => {
  const routes: [string, RouteShape][] = Object.entries(ROUTES)

  it.each(routes)('has samples of %s that fit the contract', (route, { body, reply }) => {
    const schemas = [body, reply].filter((schema) => schema !== undefined)
    // Some answers are text.
    const wanted = schemas.filter((schema) => !(schema instanceof z.ZodString))
    const samples = samplesOf(route)
    expect(samples).toHaveLength(wanted.length)
    wanted.forEach((schema, n) => expect(() => schema.parse(samples[n])).not.toThrow())
  })

  it('has no route that is gone', () => {
    const named = [...http.matchAll(/^### `(\S+ \/api\S*)`$/gm)].map(([, route]) => route)
    expect(named.toSorted()).toEqual(Object.keys(ROUTES).toSorted())
  })

  it.each(Object.entries(ERROR_STATUS))('has the code %s with its status %s', (code, status) => {
    const row = http
      .split('\n')
      .find((line) => line.startsWith('| ') && line.includes(`\`${code}\``))
    expect(row).toContain(`| ${status} |`)
  })

  const numbers = Object.entries(limits).filter(([, value]) => typeof value === 'number')
  it.each(numbers)('has the limit %s as the number %s', (_, value) => {
    expect(http).toMatch(new RegExp(`^\\|.*\\| ${JSON.stringify(value)} \\|$`, 'm'))
  })
})
