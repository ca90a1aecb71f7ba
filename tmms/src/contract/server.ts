/** What the server says about itself. */
import { z } from 'zod'
import { branding } from './branding.ts'
import { open } from './rights.ts'
import type { RouteShape } from './route.ts'

export const status = z
  .strictObject({
    /** True until the first administrator exists. */
    needsSetup: z.boolean(),
    product: z.literal('Huisclos'),
    version: z.string(),
    branding,
  })
  .readonly()
export type Status = z.infer<typeof status>

/** The names that OpenAPI 3.1 gives to its parts, which are not described a second time here. */
const openApi = z.looseObject({ openapi: z.literal('3.1.1'), paths: z.looseObject({}) }).readonly()

export const serverRoutes = {
  'GET /api/status': {
    ...open,
    about: 'Whether this server is set up, and its version.',
    reply: status,
  },
  'GET /api/keys': {
    ...open,
    about:
      'The signed key set: compact JWS (typ `jwks+jwt`), root public key in the header’s `jwk`. ' +
      'text/plain.',
    reply: z.string(),
  },
  'GET /api/openapi.json': {
    who: 'administrator',
    scope: null,
    about: 'This description, as OpenAPI 3.1.',
    reply: openApi,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
