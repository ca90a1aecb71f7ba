/** The API token of a request: in its Authorization header (RFC 6750 section 2.1), and nowhere else. */
import type { Request } from 'express'

/** Undefined when the request has none; whatever the scheme `Bearer` carries, well formed or not. */
export function bearerOf(request: Request): string | undefined {
  const [, token] = /^bearer(?:$| +)(.*)$/is.exec(request.get('authorization') ?? '') ?? []
  return token
}
