/** What the audit log tells: who did what to what, from where. */
import { z } from 'zod'
import { time } from './route.ts'

/** Every action with a meaning of its own. `docs/audit.md` says what each one's details hold. */
export const AUDIT_ACTIONS = [
  'setup',
  'sign-in',
  'sign-in-refused',
  'sign-out',
  'sign-out-everywhere',
  'link-used',
  'link-refused',
  'password-reset-asked',
  'password-changed',
  'account-invited',
  'account-created',
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

/** Who did it: somebody signed in, the server by itself, or nobody known. `name` is as it was then, for readers. */
export const auditActor = z
  .strictObject({
    kind: z.enum(['account', 'server', 'nobody']),
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
