/** What the audit log tells: who did what to what, from where. */
import { z } from 'zod'
import { SEARCH_MAX_CHARACTERS } from './limits.ts'
import { next, pageQuery, time, type RouteShape } from './route.ts'

/** Every action with a meaning of its own. `docs/audit.md` says what each one's details hold. */
export const AUDIT_ACTIONS = [
  'setup',
  'sign-in',
  'sign-in-refused',
  'sign-out',
  'sign-out-everywhere',
  'link-refused',
  'access-refused',
  'password-reset-asked',
  'password-reset-refused',
  'password-changed',
  'account-invited',
  'account-created',
  'account-validated',
  'account-changed',
  'account-role-changed',
  'account-suspended',
  'account-resumed',
  'account-deleted',
  'account-signed-out',
  'group-created',
  'group-changed',
  'group-deleted',
  'group-member-added',
  'group-member-removed',
  'profile-changed',
  'setting-changed',
  'meeting-planned',
  'meeting-changed',
  'meeting-cancelled',
  'meeting-ended',
  'meeting-handed-over',
  'meeting-invited',
  'meeting-uninvited',
  'meeting-admission',
  'meeting-refused',
  'meeting-removed',
  'mail-given-up',
  'mail-retried',
  'api-token-made',
  'api-token-revoked',
  'export',
  'retention',
  'key-changed',
  'tcs-changed',
] as const
export const auditAction = z.enum(AUDIT_ACTIONS)
export type AuditAction = z.infer<typeof auditAction>

/**
 * Who did it: somebody signed in, an API token for somebody (`id` is the account), the server by itself, or nobody known.
 * `name` is as it was then, for readers.
 */
export const auditActor = z
  .strictObject({
    kind: z.enum(['account', 'api-token', 'server', 'nobody']),
    id: z.string(),
    name: z.string(),
  })
  .readonly()
export type AuditActor = z.infer<typeof auditActor>

/** What it was done to. */
export const auditObject = z
  .strictObject({
    kind: z.enum([
      'account',
      'meeting',
      'group',
      'profile',
      'setting',
      'mail',
      'api-token',
      'key',
      'tcs',
      'server',
    ]),
    id: z.string(),
    name: z.string(),
  })
  .readonly()
export type AuditObject = z.infer<typeof auditObject>

/** Flat, and without secrets or contents. */
export const auditDetails = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
)
export type AuditDetails = z.infer<typeof auditDetails>

export const auditEntry = z
  .strictObject({
    /** From 0, without a gap. */
    n: z.int().nonnegative(),
    time,
    actor: auditActor,
    action: auditAction,
    object: auditObject,
    /** Network address of the request; empty for what the server did by itself. */
    from: z.string(),
    details: auditDetails,
  })
  .readonly()
export type AuditEntry = z.infer<typeof auditEntry>

/** Number of entries, or of one. */
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const id = z.string().max(64)

const auditQuery = pageQuery.extend({
  /** Looked for in names, addresses and details. */
  q: z.string().max(SEARCH_MAX_CHARACTERS).default(''),
  action: auditAction.exactOptional(),
  /** Id of the account. */
  actor: id.exactOptional(),
  object: id.exactOptional(),
  /** From then on, and before then. */
  since: time.exactOptional(),
  until: time.exactOptional(),
})
export type AuditQuery = z.output<typeof auditQuery>

/** Base64, each of 32 bytes. */
const hashes = z.array(z.string()).readonly()

const reads = { who: 'administrator', scope: 'audit:read' } as const
const witnesses = { who: 'signed-in', scope: 'audit:read' } as const

export const auditRoutes = {
  'GET /api/audit/checkpoint': {
    ...witnesses,
    about: 'The newest C2SP checkpoint, for anybody signed in: browsers are witnesses.',
    reply: z.strictObject({ checkpoint: z.string() }),
  },
  'GET /api/audit/consistency': {
    ...witnesses,
    about: 'RFC 6962 section 2.1.2, for sizes up to that of the newest checkpoint.',
    query: z.object({ from: count, to: count }),
    reply: z.strictObject({ proof: hashes }),
  },
  'GET /api/admin/audit': {
    ...reads,
    about:
      'Entries, newest first. A page may be short, or empty, and have a `next` one all the ' +
      'same.',
    query: auditQuery,
    reply: z.strictObject({ entries: z.array(auditEntry).readonly(), next }),
  },
  'GET /api/admin/audit/state': {
    ...reads,
    about:
      'How much there is, how much of it is signed since when, and by which key (C2SP, one ' +
      'line).',
    reply: z.strictObject({
      entries: z.int().nonnegative(),
      checkpoint: z.string(),
      size: z.int().nonnegative(),
      root: z.string(),
      signedAt: time,
      key: z.string(),
    }),
  },
  'GET /api/admin/audit/export': {
    ...reads,
    about: 'The whole log with a fresh checkpoint behind it, as JSON lines.',
    type: 'application/jsonl',
    reply: z.string(),
  },
  'GET /api/admin/audit/entries/:id': {
    ...reads,
    about:
      'The line of one entry, and the proof (RFC 6962 section 2.1.1) that the checkpoint covers ' +
      'it.',
    path: z.strictObject({ id: count }),
    reply: z.strictObject({ line: z.string(), proof: hashes, checkpoint: z.string() }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
