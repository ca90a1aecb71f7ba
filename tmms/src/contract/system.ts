/** What runs here: versions, what is new in them, and the conference servers. */
import { z } from 'zod'
import { time, type RouteShape } from './route.ts'

const count = z.int().nonnegative()

/** A TCS, as whoever composes the servers sees it. */
export const tcsState = z
  .strictObject({
    origin: z.string(),
    version: z.string(),
    since: time,
    /** Rooms with somebody in them, and connections in those. */
    rooms: count,
    peers: count,
    workers: z.strictObject({ running: count, wanted: count }).readonly(),
    /** The certificate in use; `daysLeft` is below 0 once it has ended. */
    certificate: z.strictObject({ endsAt: time, daysLeft: z.int() }).readonly(),
  })
  .readonly()
export type TcsState = z.infer<typeof tcsState>

const change = z.strictObject({ security: z.boolean(), text: z.string() }).readonly()
/** Newest first; `version` is null for what is not released. In English. */
export const versionChanges = z
  .strictObject({ version: z.string().nullable(), changes: z.array(change).readonly() })
  .readonly()
export type VersionChanges = z.infer<typeof versionChanges>

export const systemRoutes = {
  'GET /api/admin/system': {
    who: 'administrator',
    scope: 'settings:read',
    about: 'What runs since when, what lies on the disk, and the state of the TCS.',
    reply: z.strictObject({
      version: z.string(),
      since: time,
      /** Version of the files on the disk, when they are others than those that run; a restart takes them. */
      beside: z.string().nullable(),
      changes: z.array(versionChanges).readonly(),
      servers: z.array(tcsState).readonly(),
    }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
