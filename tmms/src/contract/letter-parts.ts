/**
 * What administrators may word of each mail: one table of parts, which checks, pages and mails are made from. Imports no
 * schema library, so that pages can take it for free.
 */
import type { MAIL_KINDS } from './mail.ts'

type Kind = (typeof MAIL_KINDS)[number]

/** Names that stand in braces for what a mail tells. */
export const PLACEHOLDERS = [
  'installation',
  'role',
  'former',
  'address',
  'count',
  'organiser',
  'title',
  'date',
  'duration',
  'details',
  'link',
] as const
export type Placeholder = (typeof PLACEHOLDERS)[number]

/** They are composed by the server and stand in a paragraph of their own, once. */
export const BLOCKS: readonly Placeholder[] = ['details', 'link']

/** `newcomer` and `activate`: for somebody whose account is not active yet. */
export const PART_NAMES = ['subject', 'text', 'newcomer', 'button', 'activate'] as const
export type PartName = (typeof PART_NAMES)[number]

export interface PartRule {
  readonly max: number
  /** Whether it may have several lines; an empty one ends a paragraph. */
  readonly lines: boolean
  readonly may: readonly Placeholder[]
  /** Those of `may` that it must have. */
  readonly must: readonly Placeholder[]
}

const meeting = ['installation', 'organiser', 'title', 'date', 'duration'] as const
const subject = (...may: Placeholder[]): PartRule => ({ max: 150, lines: false, may, must: [] })
const text = (may: readonly Placeholder[], ...must: Placeholder[]): PartRule => ({
  max: 4000,
  lines: true,
  may: [...new Set([...may, ...must])],
  must,
})
const label: PartRule = { max: 60, lines: false, may: [], must: [] }

/** By mail: its parts, in the order in which they are read. */
export const LETTERS = {
  welcome: {
    subject: subject('installation', 'role'),
    text: text(['installation', 'role'], 'link'),
    button: label,
  },
  reset: {
    subject: subject('installation'),
    text: text(['installation'], 'link'),
    button: label,
  },
  invitation: {
    subject: subject(...meeting),
    text: text([...meeting, 'details'], 'link'),
    button: label,
    newcomer: text(['installation']),
    activate: label,
  },
  update: {
    subject: subject(...meeting),
    text: text([...meeting, 'details'], 'link'),
    button: label,
  },
  cancellation: { subject: subject(...meeting), text: text([...meeting, 'details']) },
  uninvitation: { subject: subject(...meeting), text: text([...meeting, 'details']) },
  'address-changed': {
    subject: subject('installation'),
    text: text(['installation', 'former', 'address'], 'details'),
  },
  'handed-over': {
    subject: subject('installation', 'former', 'count'),
    text: text(['installation', 'former', 'count'], 'details'),
  },
  test: { subject: subject('installation'), text: text(['installation']) },
} as const satisfies Readonly<Record<Kind, Partial<Record<PartName, PartRule>>>>

/** What stands in each part. Those that the mail does not have are absent. */
export type Wording = Readonly<Partial<Record<PartName, string>>>

/** The parts of a mail with their rules. */
export function partsOf(kind: Kind): readonly (readonly [PartName, PartRule])[] {
  return Object.entries<PartRule>(LETTERS[kind]) as [PartName, PartRule][]
}
