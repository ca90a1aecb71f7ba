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
} as const satisfies Readonly<Record<string, RouteShape>>
