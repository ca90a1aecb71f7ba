/**
 * The TMMS's HTTP interface: `METHOD path` -> what goes in and what comes back. `:name` is a path parameter.
 *
 * All bodies are JSON; bytes are base64url without padding; times are ISO 8601 in UTC unless named `...Ms`.
 * Secrets travel in bodies and link fragments only, never in a URL path or query.
 */
import type { z } from 'zod'
import { accountRoutes } from './accounts.ts'
import { adminMeetingRoutes } from './admin-meetings.ts'
import { apiTokenRoutes } from './api-tokens.ts'
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

/** By what they are about, for readers. */
export const AREAS = {
  server: serverRoutes,
  'sign-in': signInRoutes,
  'own account': accountRoutes,
  people: peopleRoutes,
  groups: groupRoutes,
  meetings: meetingRoutes,
  'all meetings': adminMeetingRoutes,
  audit: auditRoutes,
  settings: settingRoutes,
  mail: mailRoutes,
  'wording of mails': letterRoutes,
  branding: brandingRoutes,
  system: systemRoutes,
  'API tokens': apiTokenRoutes,
} as const

export const ROUTES = {
  ...AREAS.server,
  ...AREAS['sign-in'],
  ...AREAS['own account'],
  ...AREAS.people,
  ...AREAS.groups,
  ...AREAS.meetings,
  ...AREAS['all meetings'],
  ...AREAS.audit,
  ...AREAS.settings,
  ...AREAS.mail,
  ...AREAS['wording of mails'],
  ...AREAS.branding,
  ...AREAS.system,
  ...AREAS['API tokens'],
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
