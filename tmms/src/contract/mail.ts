/** Mails, as administrators see them: whither they go, what waits, what failed, and a test. */
import { z } from 'zod'
import { next, nothing, pageQuery, text, time, type RouteShape } from './route.ts'

export const mailState = z.enum(['waiting', 'sent', 'given-up', 'withdrawn'])
/** `withdrawn`: what it told no longer holds, or a newer mail tells it; it was not sent. */
export type MailState = z.infer<typeof mailState>

/** What a mail tells, without what it says. */
export const MAIL_KINDS = [
  'welcome',
  'reset',
  'invitation',
  'update',
  'cancellation',
  'uninvitation',
  'address-changed',
  'handed-over',
  'test',
] as const

const mailId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

export const mailRow = z
  .strictObject({
    /** What stands before the @ of its Message-ID. */
    id: mailId,
    kind: z.enum(MAIL_KINDS),
    to: z.string(),
    state: mailState,
    createdAt: time,
    tries: z.int(),
    triedAt: time.nullable(),
    /** Only while it waits. */
    nextTryAt: time.nullable(),
    /** When it was sent, given up or withdrawn. */
    endedAt: time.nullable(),
    /** What the mail server answered last, or why it did not; empty before the first try. */
    answer: z.string(),
    /** False when it was sent or withdrawn, or its links are dead: sending it would help nobody. */
    canRetry: z.boolean(),
  })
  .readonly()
export type MailRow = z.infer<typeof mailRow>

export const mailStatus = z
  .strictObject({
    /** `environment`: `HC_SMTP_URL` stands above what is set here. */
    route: z.enum(['outbox', 'settings', 'environment']),
    /** `host:port`, or the outbox folder. */
    target: z.string(),
    /** Whether a password is kept for the server of the settings. */
    passwordSet: z.boolean(),
    /** Why nothing can be sent at the moment. */
    problem: z.string().nullable(),
    counts: z
      .strictObject({ waiting: z.int(), sent: z.int(), givenUp: z.int(), withdrawn: z.int() })
      .readonly(),
  })
  .readonly()
export type MailStatus = z.infer<typeof mailStatus>

/** In the order in which they are taken; `outbox` is the only one when there is no server. */
export const MAIL_STEPS = [
  'outbox',
  'dns',
  'connect',
  'tls',
  'hello',
  'auth',
  'sender',
  'recipient',
  'message',
] as const
export type MailStep = (typeof MAIL_STEPS)[number]

export const mailTest = z
  .strictObject({
    to: z.string(),
    /** Up to the first that failed. `answer`: the words of the server or of this system. */
    steps: z
      .array(
        z
          .strictObject({ step: z.enum(MAIL_STEPS), ok: z.boolean(), answer: z.string() })
          .readonly(),
      )
      .readonly(),
  })
  .readonly()
export type MailTest = z.infer<typeof mailTest>

const path = z.strictObject({ id: mailId })
const oneMail = z.strictObject({ mail: mailRow })

const reads = { who: 'administrator', scope: 'settings:read' } as const
const writes = { who: 'administrator', scope: 'settings:write' } as const
/** A password is kept in person. */
const keeps = { who: 'administrator', scope: null } as const

export const mailRoutes = {
  'GET /api/admin/mail': {
    ...reads,
    about: 'Whither mails go, and how many wait.',
    reply: mailStatus,
  },
  'GET /api/admin/mail/queue': {
    ...reads,
    about: 'Mails, newest first.',
    query: pageQuery.extend({ state: mailState.default('waiting') }),
    reply: z.strictObject({ mails: z.array(mailRow).readonly(), next }),
  },
  'POST /api/admin/mail/retry': {
    ...writes,
    about: 'Tries at once what waits.',
    body: nothing,
    reply: mailStatus,
  },
  'POST /api/admin/mail/queue/:id/retry': {
    ...writes,
    about: 'Tries one that waits, or was given up while its links work: for two more days.',
    path,
    body: nothing,
    reply: oneMail,
  },
  'POST /api/admin/mail/queue/:id/give-up': {
    ...writes,
    about: 'One that waits is not tried again.',
    path,
    body: nothing,
    reply: oneMail,
  },
  'PUT /api/admin/mail/password': {
    ...keeps,
    about: 'Sets the password for the mail server that is set now, and for no other; empty: none.',
    body: z.strictObject({ password: text }),
    reply: mailStatus,
  },
  'POST /api/admin/mail/test': {
    ...writes,
    about: 'Sends a mail to whoever asks, at once and outside the queue, and tells each step.',
    body: nothing,
    reply: mailTest,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
