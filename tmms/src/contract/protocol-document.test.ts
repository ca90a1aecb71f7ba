/** docs/protocol.md is enough for a stranger to write a client: what stands there is checked against the contract. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ERROR_STATUS } from './errors.ts'
import * as limits from './limits.ts'
import type { RouteShape } from './route.ts'
import { ROUTES } from './routes.ts'

const document = readFileSync(join(import.meta.dirname, '../../../docs/protocol.md'), 'utf8')
const http = document.slice(document.indexOf('The HTTP interface of the TMMS'))

function sectionOf(route: string): string {
  const [, rest = ''] = http.split(`### \`${route}\`\n`)
  return rest.split('\n### ')[0] ?? ''
}

function samplesOf(route: string): unknown[] {
  const blocks = sectionOf(route).matchAll(/```json\n(.*?)```/gs)
  return [...blocks].map(([, text = '']) => JSON.parse(text) as unknown)
}

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
