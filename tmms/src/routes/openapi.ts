/** The description of the interface as OpenAPI 3.1, made of the contract: what it says is what requests are held against. */
import { z } from 'zod'
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from 'zod-openapi'
import { ERROR_STATUS, apiError, type ErrorCode } from '../contract/errors.ts'
import { WHO } from '../contract/rights.ts'
import type { RouteShape } from '../contract/route.ts'
import { AREAS } from '../contract/routes.ts'

export type OpenApi = ReturnType<typeof createDocument>

const ABOUT =
  'Bodies are JSON in UTF-8; members that are not named here are refused. Bytes are base64url ' +
  'without padding; times are ISO 8601 in UTC. `x-roles` says who may call a route in person, ' +
  '`x-scope` which scope an API token needs; where it is null, no API token may.'

/** @param origin `https://host[:port]` of this server. */
export function openApi(origin: string, version: string): OpenApi {
  const areas: Readonly<Record<string, Readonly<Record<string, RouteShape>>>> = AREAS
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [area, routes] of Object.entries(areas)) {
    for (const [route, shape] of Object.entries(routes)) {
      const [method = '', path = ''] = route.split(' ')
      const template = path.replaceAll(/:(\w+)/g, '{$1}')
      const operation = operationOf({ method, path, area }, shape)
      paths[template] = { ...paths[template], [method.toLowerCase()]: operation }
    }
  }
  const description: ZodOpenApiObject = {
    openapi: '3.1.1',
    info: { title: 'Huisclos', version, description: ABOUT, license: { name: 'Apache-2.0' } },
    servers: [{ url: origin }],
    tags: Object.keys(areas).map((name) => ({ name })),
    paths,
    components: { schemas: { Refusal: apiError }, securitySchemes: SCHEMES, responses: REFUSALS },
  }
  return createDocument(description, {
    // A value that TypeScript keeps from being changed may be sent all the same.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly
    },
  })
}

const SCHEMES = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-session',
    description: 'Somebody signed in, in a browser.',
  },
  origin: {
    type: 'apiKey',
    in: 'header',
    name: 'Origin',
    description: 'The origin of this server, with every request that changes something.',
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'hct_ and 43 characters',
    description: 'An API token of an administrator. Cookies count for nothing beside it.',
  },
} as const

const STATUSES = [...new Set(Object.values(ERROR_STATUS))]

/** One for each status, with the codes that have it. */
const REFUSALS = Object.fromEntries(
  STATUSES.map((status) => {
    const codes = Object.entries(ERROR_STATUS).filter(([, of]) => of === status)
    const names = codes.map(([code]) => code as ErrorCode)
    const schema = z.looseObject({ code: z.enum(names) }).and(apiError)
    return [
      `Refused${status}`,
      {
        description: `Refused: ${names.join(', ')}.`,
        content: { 'application/json': { schema } },
      },
    ]
  }),
)

const PICTURES = Object.fromEntries(
  ['image/png', 'image/jpeg', 'image/webp'].map((type) => [type, {}]),
)

interface Place {
  readonly method: string
  readonly path: string
  readonly area: string
}

function operationOf(place: Place, shape: RouteShape): ZodOpenApiOperationObject {
  const { about, who, scope, path, query, body, rawMaxBytes, reply } = shape
  const text = reply instanceof z.ZodString ? 'text/plain' : 'application/json'
  const roles = WHO[who] ?? ['nobody', ...WHO['signed-in']]
  return {
    operationId: nameOf(place),
    tags: [place.area],
    description: about,
    security: securityOf(place, shape),
    ...{ 'x-roles': [...roles], 'x-scope': scope },
    requestParams: { ...(path && { path }), ...(query && { query }) },
    ...(rawMaxBytes && { requestBody: { required: true, content: PICTURES } }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
    }),
    responses: {
      '200': { description: 'Done.', content: { [shape.type ?? text]: { schema: reply } } },
      ...Object.fromEntries(
        refusalsOf(place, shape).map((status) => [
          String(status),
          { $ref: `#/components/responses/Refused${status}` },
        ]),
      ),
    },
  }
}

function securityOf({ method }: Place, { who, scope }: RouteShape): Record<string, string[]>[] {
  const origin = method === 'GET' ? {} : { origin: [] }
  if (who === 'anyone') return [origin]
  const inPerson = { session: [], ...origin }
  return scope === null ? [inPerson] : [inPerson, { token: [scope] }]
}

/** What cannot be: a route without a body and without an id finds everything that it is asked for. */
function refusalsOf({ method, path }: Place, shape: RouteShape): readonly number[] {
  const names =
    shape.path !== undefined || shape.body !== undefined || shape.rawMaxBytes !== undefined
  return STATUSES.filter((status) => {
    if (status === 404) return names
    if (status === 409) return method !== 'GET'
    return status !== 410 || path.startsWith('/api/links/')
  })
}

/** `GET /api/admin/accounts/:id` is `getAdminAccountsId`. */
function nameOf({ method, path }: Place): string {
  const words = path.replace('/api/', '').split(/[^A-Za-z\d]+/)
  const capital = words.filter(Boolean).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return method.toLowerCase() + capital.join('')
}
