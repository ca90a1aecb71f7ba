/** What tells an answer of our server from one that a proxy or a captive portal gave in its place. */
import type { Reply, Route } from '@huisclos/tmms/contract/routes'

/** The members that every answer of a route has; null for the one that answers with text. */
const MEMBERS = {
  'GET /api/status': ['needsSetup', 'product', 'version'],
  'GET /api/keys': null,
  'POST /api/links/read': [
    ...(['purpose', 'email', 'firstName', 'lastName', 'role'] as const),
    ...(['params', 'next'] as const),
  ],
  'POST /api/links/accept': ['account', 'next'],
  'POST /api/auth/params': ['v', 'kdf', 'salt', 'm', 't', 'p'],
  'POST /api/auth/login': ['account'],
  'POST /api/auth/logout': [],
  'POST /api/auth/logout-everywhere': [],
  'POST /api/auth/reset': [],
  'GET /api/me': ['id', 'email', 'firstName', 'lastName', 'role', 'language'],
  'PATCH /api/me': ['id', 'email', 'firstName', 'lastName', 'role', 'language'],
  'GET /api/accounts': ['accounts', 'next'],
  'POST /api/accounts': ['account'],
  'GET /api/meetings': ['meetings', 'next'],
  'POST /api/meetings': ['meeting'],
  'GET /api/meetings/:id': ['meeting'],
  'POST /api/meetings/:id/cancel': ['meeting'],
  'POST /api/meetings/:id/invite': ['meeting'],
  'POST /api/meetings/:id/exclude': [],
  'POST /api/meetings/:id/join': [
    ...(['token', 'mid', 'msid', 'title', 'tcsOrigin', 'expiresInS', 'endsAt'] as const),
  ],
} as const satisfies { [R in Route]: readonly (keyof Reply<R>)[] | null }

/** A compact JWS (RFC 7515 section 7.1): what is none was signed by nobody, and so accuses nobody. */
const JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/u

export function contentTypeOf(route: Route): 'application/json' | 'text/plain' {
  return MEMBERS[route] === null ? 'text/plain' : 'application/json'
}

/** Whether this body can be an answer of our server to this route. Whether it is true is for others to say. */
export function isReply(route: Route, body: unknown): boolean {
  const members: readonly string[] | null = MEMBERS[route]
  if (members === null) return isJws(body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false
  if (!members.every((member) => Object.hasOwn(body, member))) return false
  return !members.includes('token') || isJws((body as { token?: unknown }).token)
}

function isJws(text: unknown): boolean {
  return typeof text === 'string' && JWS.test(text.trim())
}
