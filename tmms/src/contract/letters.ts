/** The wording of mails, for administrators. */
import { z } from 'zod'
import { language } from './accounts.ts'
import { MAIL_KINDS } from './mail.ts'
import { version, type RouteShape } from './route.ts'

/** Longer than anything valid, so that the rules can refuse it in better words. */
const part = z.string().max(10_000)
const wording = z
  .strictObject({
    subject: part.exactOptional(),
    text: part.exactOptional(),
    newcomer: part.exactOptional(),
    button: part.exactOptional(),
    activate: part.exactOptional(),
  })
  .readonly()
const wordings = z.strictObject({ en: wording, fr: wording }).readonly()
export type Wordings = z.infer<typeof wordings>

const mailKind = z.enum(MAIL_KINDS)
export const letter = z
  .strictObject({
    kind: mailKind,
    /** As it is sent now, whole. */
    wording: wordings,
    /** As it came with this version. */
    shipped: wordings,
    version,
  })
  .readonly()
export type LetterWording = z.infer<typeof letter>

export const MAIL_TAGS = ['div', 'p', 'a', 'strong', 'br'] as const
/** An element of a mail's HTML, or a text. */
export type MailNode =
  | string
  | {
      readonly tag: (typeof MAIL_TAGS)[number]
      /** CSS declarations. */
      readonly style: string
      readonly children: readonly MailNode[]
      /** Of `a`. */
      readonly href?: string | undefined
      readonly lang?: string | undefined
    }
const mailNode: z.ZodType<MailNode> = z
  .lazy(() =>
    z.union([
      z.string(),
      z.strictObject({
        tag: z.enum(MAIL_TAGS),
        style: z.string(),
        children: z.array(mailNode).readonly(),
        href: z.string().exactOptional(),
        lang: language.exactOptional(),
      }),
    ]),
  )
  .meta({ id: 'MailNode' })

const preview = z
  .strictObject({
    from: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    /** The body of `html` as elements, so that a page shows it without parsing it. */
    body: mailNode,
  })
  .readonly()
export type MailPreview = z.infer<typeof preview>

const path = z.strictObject({ id: mailKind })
const oneLetter = z.strictObject({ letter })

const reads = { who: 'administrator', scope: 'settings:read' } as const
const writes = { who: 'administrator', scope: 'settings:write' } as const

export const letterRoutes = {
  'GET /api/admin/letters': {
    ...reads,
    about: 'The wording of every mail: as it is sent now, and as it came with this version.',
    reply: z.strictObject({ letters: z.array(letter).readonly() }),
  },
  'PUT /api/admin/letters/:id': {
    ...writes,
    about: 'Words a mail: every part of it, in both languages.',
    path,
    body: z.strictObject({ version, wording: wordings }),
    reply: oneLetter,
  },
  'POST /api/admin/letters/:id/reset': {
    ...writes,
    about: 'Puts back what came with this version, in both languages.',
    path,
    body: z.strictObject({ version }),
    reply: oneLetter,
  },
  'POST /api/admin/letters/:id/preview': {
    ...reads,
    about:
      'The mail with this wording, as a reader of this language would get it, with made-up people. ' +
      'Nothing is kept or sent.',
    path,
    body: z.strictObject({ language, wording: wordings }),
    reply: preview,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
