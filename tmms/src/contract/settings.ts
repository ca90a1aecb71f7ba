/** What administrators set, by area: one line each in `SETTINGS`. Every member has a default. */
import { z } from 'zod'
import { brandingSettings } from './branding.ts'
import { RETENTION_MAX_DAYS } from './limits.ts'
import { text, type RouteShape } from './route.ts'
import { domainSettings, linkSettings, passwordSettings, sessionSettings } from './security.ts'

/** How mails leave. The password is set on its own and never read again: `PUT /api/admin/mail/password`. */
export const mailSettings = z
  .strictObject({
    /** Name or address of the SMTP server; empty: mails are written into the outbox folder. */
    host: text.default(''),
    port: z.int().min(1).max(65_535).default(587),
    /** `starttls` and `tls` refuse a server without; `none` is for servers of this machine or of a closed network. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    /** Empty: without signing in. */
    user: text.default(''),
    senderName: text.default('Huisclos'),
    /** Empty: `no-reply@` and the name of this server. */
    senderAddress: text.default(''),
    /** Empty: answers go to the sender. */
    replyTo: text.default(''),
  })
  .readonly()
export type MailSettings = z.output<typeof mailSettings>

const days = z.int().min(0).max(RETENTION_MAX_DAYS)
/** After how many days what is over is deleted; 0: never. */
export const retentionSettings = z
  .strictObject({
    /** Meetings, from their end on. */
    meetingDays: days.default(365),
    /** Who was in a meeting from when to when. */
    attendanceDays: days.default(180),
    /** Mails that were sent or given up. */
    mailDays: days.default(30),
  })
  .readonly()
export type RetentionSettings = z.output<typeof retentionSettings>

export const SETTINGS = {
  mail: mailSettings,
  sessions: sessionSettings,
  passwords: passwordSettings,
  links: linkSettings,
  domains: domainSettings,
  branding: brandingSettings,
  retention: retentionSettings,
} as const satisfies Readonly<Record<string, z.ZodType>>
export type SettingArea = keyof typeof SETTINGS
export type Settings = { readonly [A in SettingArea]: z.output<(typeof SETTINGS)[A]> }

const area = z.enum(Object.keys(SETTINGS) as [SettingArea, ...SettingArea[]])
const settings = z.strictObject(SETTINGS).readonly()

const reads = { who: 'administrator', scope: 'settings:read' } as const
const writes = { who: 'administrator', scope: 'settings:write' } as const

export const settingRoutes = {
  'GET /api/admin/settings': {
    ...reads,
    about: 'What administrators have set, by area.',
    reply: z.strictObject({ settings }),
  },
  'PUT /api/admin/settings/:area': {
    ...writes,
    about:
      'Replaces one area. What is left out has its default; the answer holds every area as it ' +
      'is now.',
    path: z.strictObject({ area }),
    body: z.record(z.string().max(64), z.unknown()),
    reply: z.strictObject({ settings }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
