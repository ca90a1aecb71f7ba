/** The description of the interface (OpenAPI 3.1), as lists that people read. */

export interface Field {
  /** Such as `account.email`; `[]` stands for each of a list. */
  readonly name: string
  /** A type of JSON, or the values that it may have. */
  readonly type: string
  readonly required: boolean
}

export interface RouteText {
  readonly method: string
  readonly path: string
  readonly about: string
  readonly roles: readonly string[]
  /** Null: no API token may call it. */
  readonly scope: string | null
  readonly request: readonly Field[]
  readonly answer: readonly Field[]
}

export interface Area {
  readonly name: string
  readonly routes: readonly RouteText[]
}

/** Deeper than this nobody reads; the document itself has all. */
const DEPTH_MAX = 4

type Json = Readonly<Record<string, unknown>>

/** In the order of the document. */
export function areasOf(document: { readonly paths: Json }): readonly Area[] {
  const areas = new Map<string, RouteText[]>()
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(members(methods))) {
      const { tags } = members(operation)
      const name = Array.isArray(tags) ? String(tags[0]) : ''
      const routes = areas.get(name) ?? []
      areas.set(name, [...routes, routeOf(method.toUpperCase(), path, members(operation))])
    }
  }
  return [...areas].map(([name, routes]) => ({ name, routes }))
}

/** Routes in which each word of `search` occurs somewhere. */
export function matching(areas: readonly Area[], search: string): readonly Area[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (route: RouteText): boolean => {
    const { method, path, about, scope, request, answer } = route
    const names = [...request, ...answer].map(({ name }) => name)
    const text = [method, path, about, scope ?? '', ...names].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return areas
    .map(({ name, routes }) => ({ name, routes: routes.filter(fits) }))
    .filter(({ routes }) => routes.length > 0)
}

function routeOf(method: string, path: string, operation: Json): RouteText {
  const { description, parameters, requestBody, responses } = operation
  const roles = operation['x-roles']
  const scope = operation['x-scope']
  return {
    ...{ method, path, about: text(description) },
    roles: Array.isArray(roles) ? roles.map(String) : [],
    scope: typeof scope === 'string' ? scope : null,
    request: [...parametersOf(parameters), ...contentOf(requestBody)],
    answer: contentOf(members(responses)['200']),
  }
}

function parametersOf(parameters: unknown): Field[] {
  if (!Array.isArray(parameters)) return []
  return parameters.map((parameter: unknown) => {
    const { name, required, schema } = members(parameter)
    return { name: text(name), type: typeOf(members(schema)), required: required === true }
  })
}

function contentOf(part: unknown): readonly Field[] {
  const [entry] = Object.entries(members(members(part)['content']))
  if (entry === undefined) return []
  const [type, media] = entry
  if (type !== 'application/json') return [{ name: '', type, required: true }]
  return fieldsOf(members(members(media)['schema']), { at: '', required: true, depth: 0 })
}

interface Place {
  readonly at: string
  readonly required: boolean
  readonly depth: number
}

function fieldsOf(schema: Json, { at, required, depth }: Place): readonly Field[] {
  const own = at === '' ? [] : [{ name: at, type: typeOf(schema), required }]
  if (depth >= DEPTH_MAX) return own
  const { properties, items } = schema
  if (items !== undefined) {
    const inside = fieldsOf(members(items), { at: `${at}[]`, required: true, depth: depth + 1 })
    return [...own, ...inside.slice(1)]
  }
  const needed = Array.isArray(schema['required']) ? schema['required'] : []
  const known = Object.entries(members(properties)).flatMap(([name, member]) =>
    fieldsOf(members(member), {
      at: at === '' ? name : `${at}.${name}`,
      required: needed.includes(name),
      depth: depth + 1,
    }),
  )
  return [...own, ...known]
}

function typeOf(schema: Json): string {
  const { type, items } = schema
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(schema['enum'])) return schema['enum'].join(' | ')
  if (schema['const'] !== undefined) return JSON.stringify(schema['const'])
  if (Array.isArray(choices)) return choices.map((one) => typeOf(members(one))).join(' | ')
  if (items !== undefined) return `${typeOf(members(items))}[]`
  if (Array.isArray(type)) return type.join(' | ')
  return typeof type === 'string' ? type : 'any'
}

function members(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
