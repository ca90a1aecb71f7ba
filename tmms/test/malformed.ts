/** Requests that are nearly right, made of the description of the interface. */
import fc from 'fast-check'
import type { JsonSchema, Operation } from './operations.ts'

export interface Malformed {
  readonly operation: Operation
  readonly id: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer> | undefined
}

const DEEP = 4_000
const HUGE = 70_000

/** What is wrong nearly everywhere. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, 0, -0, -1, 1.5, 1e308, -1e308, 2 ** 53, 2 ** 31, '', ' ', [], {}),
  fc.constantFrom(
    '\0',
    '\u202e',
    '\ud800',
    '\ufeff',
    '😀'.repeat(300),
    '%',
    "' or 1=1 --",
    '../..',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'NaN', '1e999', '0x10', 'null', '=1+1'),
  fc.constantFrom(
    'x'.repeat(1_001),
    'a@b',
    `${'a'.repeat(65)}@example.org`,
    '2026-02-30T25:00:00Z',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
)
const names = fc.constantFrom('__proto__', 'constructor', 'id', 'role', 'isAdmin', 'version', 'é')

export function malformed(
  operations: readonly Operation[],
  ids: readonly string[],
): fc.Arbitrary<Malformed> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      id: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...ids) },
        fc.constantFrom(
          'A'.repeat(22),
          'a',
          '%00',
          '%zz',
          '%ff',
          '..%2f',
          '-1',
          '0',
          '9'.repeat(15),
        ),
        fc.string({ maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
      ),
      query: queryFor(operation),
      headers: headers(),
      body: operation.method === 'GET' ? fc.constant(undefined) : bodyFor(operation),
    }),
  )
}

function queryFor({ parameters }: Operation): fc.Arbitrary<string> {
  const known = parameters.filter((one) => one.in === 'query')
  const name =
    known.length === 0 ? names : fc.oneof(fc.constantFrom(...known.map((p) => p.name)), names)
  const value = fc.oneof(
    ...known.map(({ schema }) => near(schema).map(String)),
    strange.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
  )
  const one = fc.tuple(name, value).map(([key, text]) => {
    const written = encodeURIComponent(text.toWellFormed())
    return `${encodeURIComponent(key)}=${written}`
  })
  const odd = fc.constantFrom(
    '%ff=%zz',
    '&&==',
    'limit[]=1',
    'limit[a]=1',
    'a=1&a=2',
    '__proto__=1',
  )
  return fc
    .array(fc.oneof({ weight: 8, arbitrary: one }, odd), { maxLength: 4 })
    .map((all) => all.join('&'))
}

function headers(): fc.Arbitrary<Readonly<Record<string, string>>> {
  const types = [
    ...['text/plain', 'application/json; charset=utf-16', 'application/json;charset=latin1'],
    ...['multipart/form-data; boundary=x', 'image/png', 'x', 'application/json; charset="'],
  ]
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    fc.constantFrom(...types).map((type) => ({ 'content-type': type })),
    fc.constantFrom('gzip', 'br', 'x').map((coding) => ({ 'content-encoding': coding })),
    fc.constantFrom('', 'Bearer', 'Basic x').map((authorization) => ({ authorization })),
    fc.constantFrom('', 'x', 'a.b.c').map((dpop) => ({ dpop })),
  )
}

function bodyFor({ schema, sample }: Operation): fc.Arbitrary<Malformed['body']> {
  const json = (schema === null ? strange : near(schema)).map(write)
  const whole = write(sample ?? {})
  return fc.oneof(
    { weight: 12, arbitrary: json },
    { weight: 3, arbitrary: changed(sample).map(write) },
    fc.nat(whole.length).map((at) => whole.slice(0, at)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
    fc.constantFrom(
      `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
      `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
      write({ x: 'x'.repeat(HUGE) }),
      whole.replace('{', '{"__proto__":{"isAdmin":true},'),
      whole.replace('{', '{"constructor":{"prototype":{}},'),
      whole.replace('}', ',"email":"a@example.org","email":"b@example.org"}'),
    ),
  )
}

/** The sample with one of its members changed or gone. */
function changed(sample: unknown): fc.Arbitrary<unknown> {
  if (typeof sample !== 'object' || sample === null) return strange
  const keys = Object.keys(sample)
  if (keys.length === 0) return strange
  return fc
    .tuple(fc.constantFrom(...keys), fc.option(strange, { nil: undefined }))
    .map(([key, value]) => ({ ...sample, [key]: value }))
}

/** Mostly what fits the schema, sometimes just beside it, sometimes far off. */
function near(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { anyOf, oneOf, allOf } = schema
  const choices = anyOf ?? oneOf ?? allOf
  const fitting = choices === undefined ? fit(schema) : fc.oneof(...choices.map(near))
  return fc.oneof({ weight: 8, arbitrary: fitting }, { weight: 1, arbitrary: strange })
}

function fit(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum, `${schema.enum[0] ?? ''} `)
  if (schema.const !== undefined) return fc.constant(schema.const)
  switch (schema.type) {
    case 'string':
      return textLike(schema)
    case 'integer':
    case 'number':
      return numberLike(schema)
    case 'boolean':
      return fc.boolean()
    case 'array': {
      const most = Math.min((schema.maxItems ?? 3) + 1, 400)
      const one = near(schema.items ?? {})
      return fc.oneof(
        { weight: 6, arbitrary: fc.array(one, { maxLength: 3 }) },
        one.map((item) => Array.from({ length: most }, () => item)),
      )
    }
    case 'object':
      return objectLike(schema)
    default:
      return strange
  }
}

function textLike({ pattern, maxLength = 40 }: JsonSchema): fc.Arbitrary<unknown> {
  const long = fc.constantFrom('x'.repeat(maxLength), 'x'.repeat(maxLength + 1))
  const words = fc.constantFrom(
    'ada@example.org',
    'Ada',
    'en',
    'user',
    '2026-03-04T10:00:00Z',
    '10',
  )
  const id = pattern === undefined ? words : fc.constantFrom('A'.repeat(22), 'A'.repeat(43), '1')
  return fc.oneof(id, id, words, long)
}

function numberLike({ minimum = 0, maximum = 100 }: JsonSchema): fc.Arbitrary<unknown> {
  const edges = [minimum, maximum, minimum - 1, maximum + 1, minimum + 0.5]
  return fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -5, max: 500 }))
}

function objectLike({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, schema]) => {
    const needed = required.includes(name)
    const value = fc.option(near(schema), { freq: needed ? 15 : 1, nil: undefined })
    return fc.tuple(fc.constant(name), value)
  })
  const extra = fc.array(fc.tuple(names, strange), { maxLength: 1 })
  return fc
    .tuple(fc.tuple(...members), fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, extra))
    .map(([known, more]) => Object.fromEntries([...known, ...more]) as unknown)
}

function write(value: unknown): string {
  return JSON.stringify(value)
}
