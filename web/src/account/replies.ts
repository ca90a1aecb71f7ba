/** What tells an answer of our server from one that a proxy or a captive portal gave in its place. */
import { API_HEADER } from '@huisclos/tmms/contract/answer'
import type { Route } from '@huisclos/tmms/contract/routes'

/** A compact JWS (RFC 7515 section 7.1): what is none was signed by nobody, and so accuses nobody. */
const JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/u
/** The one route of the page that answers with text, which is a JWS. */
const KEYS: Route = 'GET /api/keys'
/** Those whose answer holds a JWS as `token`. */
const TOKENS: ReadonlySet<Route> = new Set(['POST /api/meetings/:id/join'])

export function contentTypeOf(route: Route): 'application/json' | 'text/plain' {
  return route === KEYS ? 'text/plain' : 'application/json'
}

/** Whether our server gave this answer. Whether it is true is for others to say. */
export function isOurs(response: Response): boolean {
  return response.headers.has(API_HEADER)
}

/** Whether this body can be an answer to this route. */
export function isReply(route: Route, body: unknown): boolean {
  if (route === KEYS) return isJws(body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false
  return !TOKENS.has(route) || isJws((body as { token?: unknown }).token)
}

function isJws(text: unknown): boolean {
  return typeof text === 'string' && JWS.test(text.trim())
}
