/** Calls the TMMS by the routes of its contract; every refusal becomes an ApiFailure. */
import { ACCOUNT_HEADER } from '@huisclos/tmms/contract/answer'
import type { Changed, ErrorCode } from '@huisclos/tmms/contract/errors'
import type { Reply, Route, Sent } from '@huisclos/tmms/contract/routes'
import { SWITCHES, type Restriction } from '@huisclos/tmms/contract/switches'
import type { FailureCode } from './failure-code.ts'
import { inWhoseName } from './in-whose-name.ts'
import { contentTypeOf, isOurs, isReply } from './replies.ts'

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly code: FailureCode
  /** The member of the body, and so the field of the form, that is wrong. */
  readonly field: string | null
  readonly retryAfterS: number | null
  /** With `restricted`: which switch, and what may be. */
  readonly restriction: Restriction | null
  /** With `changed-meanwhile`: the version that there is now, and who made it when, if known. */
  readonly changed: Changed | null
  /** What was typed, when the sentence names it. */
  readonly value: string | null
  /** What was probably meant instead. */
  readonly meant: string | null
  /** How many there are of what may not be so many. */
  readonly count: number | null
  /** With `use-dpop-nonce`: what the proof must hold. */
  readonly dpopNonce: string | null
  /** Everything that is wrong, this first, when it is more than one thing. */
  readonly problems: readonly ApiFailure[]

  constructor(
    code: FailureCode,
    more: {
      message?: string
      field?: string
      retryAfterS?: number
      value?: string
      meant?: string
      count?: number
      restriction?: Restriction
      changed?: Changed
      dpopNonce?: string
      problems?: readonly ApiFailure[]
      cause?: unknown
    } = {},
  ) {
    super(more.message ?? code, { cause: more.cause })
    this.code = code
    this.field = more.field ?? null
    this.retryAfterS = more.retryAfterS ?? null
    this.dpopNonce = more.dpopNonce ?? null
    this.value = more.value ?? null
    this.meant = more.meant ?? null
    this.count = more.count ?? null
    this.restriction = more.restriction ?? null
    this.changed = more.changed ?? null
    this.problems = more.problems ?? []
  }

  /** The same, of one among several things sent. */
  about(field: string, value: string): ApiFailure {
    return new ApiFailure(this.code, { message: this.message, field, value, cause: this })
  }
}

/** Mails go out within a request; beyond this nobody believes that an answer will come. */
const TIMEOUT_MS = 30_000
/** RFC 6585 section 6: a captive portal. */
const NETWORK_AUTHENTICATION = 511

type Member<Name extends string, Value> = [Value] extends [never]
  ? object
  : Readonly<Record<Name, Value>>
type Options<R extends Route> = Member<'path', Sent<R, 'path'>> & {
  readonly query?: Sent<R, 'query'>
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of JSON, for a route that takes a picture. */
  readonly file?: Blob
}
type Rest<R extends Route> = [
  ...body: [Sent<R, 'body'>] extends [never] ? [body?: null] : [body: Sent<R, 'body'>],
  ...options: object extends Options<R> ? [options?: Options<R>] : [options: Options<R>],
]

/**
 * @throws {ApiFailure} with the server's code; `offline` when no answer came, `intercepted` or `unavailable` when it came
 * from something else.
 */
export async function api<R extends Route>(route: R, ...rest: Rest<R>): Promise<Reply<R>> {
  const [body, options] = rest as readonly unknown[] as readonly [unknown, Loose?]
  const [method = 'GET', template = '/'] = route.split(' ')
  const query = new URLSearchParams(options?.query).toString()
  const path = fill(template, options?.path ?? {})
  const response = await send(query === '' ? path : `${path}?${query}`, {
    method,
    headers: {
      accept: contentTypeOf(route),
      ...contentType(body, options?.file),
      ...pageOf(inWhoseName()),
      ...options?.headers,
    },
    ...(body == null ? {} : { body: JSON.stringify(body) }),
    ...(options?.file === undefined ? {} : { body: options.file }),
  })
  if (!isOurs(response)) throw new ApiFailure(foreignCode(response.status))
  if (!response.ok) throw await readFailure(response)
  if (!hasType(response, contentTypeOf(route))) throw new ApiFailure('intercepted')
  const reply = await readBody(response)
  if (!isReply(route, reply)) throw new ApiFailure('intercepted')
  return reply as Reply<R>
}

/** Options without the knowledge of whose route they are. */
interface Loose {
  readonly query?: Readonly<Record<string, string>>
  readonly path?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly file?: Blob
}

function contentType(body: unknown, file?: Blob): Readonly<Record<string, string>> {
  // What it is the server tells by its first bytes; this one only says that no form has sent it.
  if (file !== undefined)
    return { 'content-type': file.type.startsWith('image/') ? file.type : 'image/unknown' }
  return body == null ? {} : { 'content-type': 'application/json' }
}

function pageOf(account: string | null): Readonly<Record<string, string>> {
  return account === null ? {} : { [ACCOUNT_HEADER]: account }
}

function fill(template: string, path: Readonly<Record<string, string>>): string {
  return template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, {
      ...init,
      cache: 'no-store',
      credentials: 'same-origin',
      // Our server sends nobody elsewhere; what was sent here must not be sent on.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (cause) {
    throw new ApiFailure('offline', { cause })
  }
}

async function readBody(response: Response): Promise<unknown> {
  try {
    return hasType(response, 'application/json') ? await response.json() : await response.text()
  } catch (cause) {
    throw new ApiFailure('offline', { cause })
  }
}

async function readFailure(response: Response): Promise<ApiFailure> {
  const body = await readBody(response)
  if (typeof body !== 'object' || body === null || !('code' in body))
    return new ApiFailure(foreignCode(response.status))
  const { code, message, field, problems, retryAfterS, restriction, changed } = body as Record<
    string,
    unknown
  >
  const dpopNonce = code === 'use-dpop-nonce' ? response.headers.get('dpop-nonce') : null
  return new ApiFailure(typeof code === 'string' ? (code as ErrorCode) : 'internal', {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof field === 'string' ? { field } : {}),
    ...(Array.isArray(problems) ? { problems: problems.map(readProblem) } : {}),
    ...(typeof retryAfterS === 'number' ? { retryAfterS } : {}),
    ...readRestriction(restriction),
    ...readChanged(changed),
    ...(dpopNonce === null ? {} : { dpopNonce }),
  })
}

/** Something in front of the server answered: it says that the server does not, or it wants something itself. */
function foreignCode(status: number): FailureCode {
  return status >= 500 && status !== NETWORK_AUTHENTICATION ? 'unavailable' : 'intercepted'
}

function hasType(response: Response, type: string): boolean {
  return response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() === type
}

function readProblem(problem: unknown): ApiFailure {
  const { code, field, restriction } = Object(problem) as Record<string, unknown>
  return new ApiFailure(typeof code === 'string' ? (code as ErrorCode) : 'internal', {
    ...(typeof field === 'string' ? { field } : {}),
    ...readRestriction(restriction),
  })
}

function readRestriction(restriction: unknown): { readonly restriction?: Restriction } {
  // A newer server may have switches that this page does not know: the sentence is then about none in particular.
  const { name } = Object(restriction) as Record<string, unknown>
  if (typeof name !== 'string' || !Object.hasOwn(SWITCHES, name)) return {}
  return { restriction: restriction as Restriction }
}

function readChanged(changed: unknown): { readonly changed?: Changed } {
  const { version, at, by } = Object(changed) as Record<string, unknown>
  if (typeof version !== 'number') return {}
  return {
    changed: {
      version,
      ...(typeof at === 'string' ? { at } : {}),
      ...(typeof by === 'string' ? { by } : {}),
    },
  }
}
