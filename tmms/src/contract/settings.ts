/** What administrators set, by area: one line each in `SETTINGS`. Every member has a default. */
import { z } from 'zod'
import { brandingSettings } from './branding.ts'
import { RETENTION_MAX_DAYS } from './limits.ts'
import { text, version, type RouteShape } from './route.ts'
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

const settings = z.strictObject(SETTINGS).readonly()
const areas = Object.keys(SETTINGS) as SettingArea[]
const versions = z
  .strictObject(
    Object.fromEntries(areas.map((area) => [area, version])) as Record<SettingArea, typeof version>,
  )
  .readonly()

const reads = { who: 'administrator', scope: 'settings:read' } as const
const writes = { who: 'administrator', scope: 'settings:write' } as const

/** One area, whole: what is left out has its default. */
function replaces<S extends z.core.$ZodLooseShape>(
  about: string,
  value: z.ZodReadonly<z.ZodObject<S, z.core.$strict>>,
) {
  return {
    ...writes,
    about,
    body: z.strictObject({ version, ...value.unwrap().shape }),
    reply: z.strictObject({ value, version }),
  }
}

export const settingRoutes = {
  'GET /api/admin/settings': {
    ...reads,
    about: 'What administrators have set, and how often, by area.',
    reply: z.strictObject({ settings, versions }),
  },
  'PUT /api/admin/settings/mail': replaces(
    'Replaces how mails leave. What is left out has its default.',
    mailSettings,
  ),
  'PUT /api/admin/settings/sessions': replaces(
    'Replaces how long sessions last; those that there are get shorter, never longer. What is left out has its default.',
    sessionSettings,
  ),
  'PUT /api/admin/settings/passwords': replaces(
    'Replaces what new passwords must be like. What is left out has its default.',
    passwordSettings,
  ),
  'PUT /api/admin/settings/links': replaces(
    'Replaces how long links in mails work, those mailed from then on. What is left out has its default.',
    linkSettings,
  ),
  'PUT /api/admin/settings/domains': replaces(
    'Replaces who may invite whom. What is left out has its default.',
    domainSettings,
  ),
  'PUT /api/admin/settings/branding': replaces(
    'Replaces name, colours and footer. What is left out has its default.',
    brandingSettings,
  ),
  'PUT /api/admin/settings/retention': replaces(
    'Replaces after how many days what is over is deleted. What is left out has its default.',
    retentionSettings,
  ),
} as const satisfies Readonly<Record<string, RouteShape>>
