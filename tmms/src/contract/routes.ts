/**
 * The TMMS's HTTP interface: `METHOD path` -> what goes in and what comes back. `:name` is a path parameter.
 *
 * All bodies are JSON; bytes are base64url without padding; times are ISO 8601 in UTC unless named `...Ms`.
 * Secrets travel in bodies and link fragments only, never in a URL path or query.
 */
import type { z } from 'zod'
import { accountRoutes } from './accounts.ts'
import { adminMeetingRoutes } from './admin-meetings.ts'
import { auditRoutes } from './audit.ts'
import { brandingRoutes } from './branding.ts'
import { groupRoutes } from './groups.ts'
import { letterRoutes } from './letters.ts'
import { mailRoutes } from './mail.ts'
import { meetingRoutes } from './meetings.ts'
import { peopleRoutes } from './people.ts'
import { serverRoutes } from './server.ts'
import { settingRoutes } from './settings.ts'
import { signInRoutes } from './sign-in.ts'
import { systemRoutes } from './system.ts'

export const ROUTES = {
  ...serverRoutes,
  ...signInRoutes,
  ...accountRoutes,
  ...peopleRoutes,
  ...meetingRoutes,
  ...adminMeetingRoutes,
  ...auditRoutes,
  ...groupRoutes,
  ...settingRoutes,
  ...mailRoutes,
  ...letterRoutes,
  ...brandingRoutes,
  ...systemRoutes,
}

type Routes = typeof ROUTES
export type Route = keyof Routes
type Part = 'path' | 'query' | 'body'
type Schema<R extends Route, P extends Part> =
  Routes[R] extends Readonly<Record<P, infer S extends z.ZodType>> ? S : never

/** As the caller may write it: what has a default may be left out. Never, when the route has no such part. */
export type Sent<R extends Route, P extends Part> = z.input<Schema<R, P>>
/** As the handler gets it. */
export type Received<R extends Route, P extends Part> = z.output<Schema<R, P>>
export type WhoOf<R extends Route> = Routes[R]['who']
export type Reply<R extends Route> = z.output<Routes[R]['reply']>
