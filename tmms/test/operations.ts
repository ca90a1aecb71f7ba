/** The routes, as the description of the interface has them. */
import type { Role } from '../src/contract/accounts.ts'
import type { Scope } from '../src/contract/rights.ts'
import { openApi } from '../src/routes/openapi.ts'
import { ORIGIN } from './browser.ts'
import { samplesOf } from './samples.ts'

/** JSON Schema 2020-12, as far as it occurs. */
export interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly pattern?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

interface Parameter {
  readonly in: 'path' | 'query'
  readonly name: string
  readonly required?: boolean
  readonly schema: JsonSchema
}

export interface Operation {
  /** As the contract names it. */
  readonly route: string
  readonly method: string
  readonly path: string
  readonly roles: readonly (Role | 'nobody')[]
  readonly scope: Scope | null
  readonly parameters: readonly Parameter[]
  /** Of the body. */
  readonly schema: JsonSchema | null
  /** A body that fits it. */
  readonly sample: unknown
  readonly statuses: readonly number[]
}

interface Described {
  readonly 'x-roles': Operation['roles']
  readonly 'x-scope': Operation['scope']
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: JsonSchema }> }
  readonly responses: Readonly<Record<string, unknown>>
}

/** Reading ones first; those that end what others need, last. */
export function allOperations(): readonly Operation[] {
  const document = JSON.parse(JSON.stringify(openApi(ORIGIN, '0.1.0'))) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  }
  const all = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const path = template.replaceAll(/\{(\w+)\}/g, ':$1')
      return operationOf(`${method.toUpperCase()} ${path}`, described)
    }),
  )
  return all.toSorted((a, b) => rank(a) - rank(b))
}

function operationOf(route: string, described: Described): Operation {
  const [method = '', path = ''] = route.split(' ')
  const schema = described.requestBody?.content['application/json']?.schema ?? null
  return {
    ...{ route, method, path, schema },
    roles: described['x-roles'],
    scope: described['x-scope'],
    parameters: described.parameters ?? [],
    sample: schema === null ? undefined : samplesOf(route)[0],
    statuses: Object.keys(described.responses).map(Number),
  }
}

const ENDING = [
  /^GET /,
  /^(?!GET )/,
  /\/(cancel|delete|revoke)$/,
  /\/logout-everywhere$/,
  /\/logout$/,
]

function rank({ route }: Operation): number {
  return ENDING.findLastIndex((ending) => ending.test(route))
}
