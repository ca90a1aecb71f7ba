import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WHO } from '../contract/rights.ts'
import { ROUTES } from '../contract/routes.ts'
import type { Browser } from '../../test/browser.ts'
import { openWorld, type World } from '../../test/world.ts'
import { openApi } from './openapi.ts'

let world: World
let administrator: Browser
beforeAll(async () => {
  world = await openWorld()
  administrator = await world.administrator()
})
afterAll(() => world.close())

const document = JSON.parse(JSON.stringify(openApi('https://meet.example.org', '0.1.0'))) as {
  paths: Record<string, Record<string, Record<string, unknown>>>
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) =>
      [`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, operation] as const,
  ),
)

describe('the description of the interface', () => {
  it('is OpenAPI 3.1 by the official schema, and every reference in it leads somewhere', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(() => validator.resolveRefs()).not.toThrow()
  })

  it('has every route of the contract, and no other', () => {
    expect(operations.map(([route]) => route).toSorted()).toEqual(Object.keys(ROUTES).toSorted())
    const names = operations.map(([, { operationId }]) => operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(operations)(
    'says of %s who may call it, in person and by a token',
    (route, operation) => {
      const { who, scope } = ROUTES[route as keyof typeof ROUTES]
      expect(operation['x-roles']).toEqual(WHO[who] ?? expect.arrayContaining(['nobody']))
      expect(operation['x-scope']).toBe(scope)
      const inPerson = {
        ...(who === 'anyone' ? {} : { session: [] }),
        ...(route.startsWith('GET') ? {} : { origin: [] }),
      }
      expect(operation['security']).toEqual([
        inPerson,
        ...(scope === null ? [] : [{ token: [scope] }]),
      ])
    },
  )

  it('types every body whole: none is an object of anything', () => {
    const open = operations.filter(([, { requestBody }]) =>
      /"(additionalProperties|propertyNames)":(?!false)/.test(JSON.stringify(requestBody ?? null)),
    )
    expect(open.map(([route]) => route)).toEqual([])
    const [, mail] = operations.find(([route]) => route === 'PUT /api/admin/settings/mail') ?? []
    expect(JSON.stringify(mail?.['requestBody'])).toContain('"starttls"')
  })

  it('is what administrators get', async () => {
    const answer = await administrator.call('GET /api/openapi.json')
    expect(answer.status).toBe(200)
    expect(answer.body.servers).toEqual([{ url: 'https://meet.example.org:8443' }])
    expect(Object.keys(answer.body.paths as object)).toEqual(Object.keys(document.paths))
  })
})
