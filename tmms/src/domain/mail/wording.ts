/** The wording of mails: what came with this version, and what administrators put in its place, part by part. */
import type { Language } from '../../contract/accounts.ts'
import { partsOf, type PartName, type PartRule, type Wording } from '../../contract/letter-parts.ts'
import type { LetterWording, Wordings } from '../../contract/letters.ts'
import { MAIL_KINDS } from '../../contract/mail.ts'
import { faultOf, tidyTemplate } from '../../contract/template.ts'
import type { Rows } from '../../store/store.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import { checkAll } from '../check-all.ts'
import type { Context } from '../context.ts'
import { requireUnchanged } from '../versions.ts'
import type { MailKind } from './mail.ts'
import { en } from './shipped-en.ts'
import { fr } from './shipped-fr.ts'
import { badWording } from './wording-faults.ts'

export type Shipped = Readonly<Record<MailKind, Wording>>

const SHIPPED: Readonly<Record<Language, Shipped>> = { en, fr }
const LANGUAGES = Object.keys(SHIPPED) as readonly Language[]

export function shippedWordings(kind: MailKind): Wordings {
  return { en: en[kind], fr: fr[kind] }
}

/** As it is sent now. A part that an older version was given and this one cannot take is as it comes. */
export async function readWordings(
  { settings }: Pick<Rows, 'settings'>,
  kind: MailKind,
): Promise<Wordings> {
  const kept = Object((await settings.read(areaOf(kind))) ?? {}) as Partial<Wordings>
  return {
    en: { ...en[kind], ...usable(kind, kept.en) },
    fr: { ...fr[kind], ...usable(kind, kept.fr) },
  }
}

export async function listLetters(rows: Rows): Promise<readonly LetterWording[]> {
  return Promise.all(MAIL_KINDS.map((kind) => readLetter(rows, kind)))
}

export interface Based {
  readonly kind: MailKind
  /** As it was read. */
  readonly version: number
}

/** @throws {TmmsError} `changed-meanwhile`; `invalid-wording` with one sentence that names language, part and what to do. */
export async function writeLetter(
  context: Context,
  actor: Actor,
  { wording, ...based }: Based & { readonly wording: Wordings },
): Promise<LetterWording> {
  const { kind } = based
  const checked = checkWordings(kind, wording)
  return keep(context, actor, based, {
    en: changesOf(kind, 'en', checked.en),
    fr: changesOf(kind, 'fr', checked.fr),
  })
}

/** @throws {TmmsError} `changed-meanwhile`. */
export async function resetLetter(
  context: Context,
  actor: Actor,
  based: Based,
): Promise<LetterWording> {
  return keep(context, actor, based, { en: {}, fr: {} })
}

/** Tidy, and whole: nothing of what the mail is made of is missing, and nothing else is there. */
export function checkWordings(kind: MailKind, wordings: Wordings): Wordings {
  return checkAll<Wordings>({
    en: () => checkWording(kind, 'en', wordings.en),
    fr: () => checkWording(kind, 'fr', wordings.fr),
  })
}

function checkWording(kind: MailKind, language: Language, wording: Wording): Wording {
  const known = new Set<string>(partsOf(kind).map(([name]) => name))
  const strange = Object.keys(wording).find((name) => !known.has(name))
  if (strange !== undefined) {
    throw badWording(language, strange as PartName, { is: 'unknown', name: strange })
  }
  const checks = partsOf(kind).map(([name, rule]) => [
    name,
    () => checkPart(language, name, rule, wording[name] ?? ''),
  ])
  return checkAll<Wording>(Object.fromEntries(checks) as Record<PartName, () => string>)
}

function checkPart(language: Language, name: PartName, rule: PartRule, text: string): string {
  const tidy = tidyTemplate(text, rule)
  const fault = faultOf(tidy, rule)
  if (fault !== null) throw badWording(language, name, fault, rule)
  return tidy
}

async function keep(
  context: Context,
  actor: Actor,
  { kind, version }: Based,
  changes: Wordings,
): Promise<LetterWording> {
  return context.store.atomically(async (rows) => {
    const versions = { is: await rows.settings.version(areaOf(kind)), basedOn: version }
    await requireUnchanged(rows, { kind: 'setting', id: areaOf(kind) }, versions)
    const before = await readWordings(rows, kind)
    await rows.settings.write(areaOf(kind), changes, context.now())
    const after = await readLetter(rows, kind)
    await record(rows, actor, context.now(), {
      action: 'setting-changed',
      object: { kind: 'setting', id: areaOf(kind), name: areaOf(kind) },
      details: { changed: changedParts(before, after.wording) },
    })
    return after
  })
}

async function readLetter(rows: Rows, kind: MailKind): Promise<LetterWording> {
  const wording = await readWordings(rows, kind)
  const version = await rows.settings.version(areaOf(kind))
  return { kind, wording, shipped: shippedWordings(kind), version }
}

/** What is as it comes is not kept, so that a better wording of a newer version reaches whoever did not change it. */
function changesOf(kind: MailKind, language: Language, wording: Wording): Wording {
  const shipped = SHIPPED[language][kind]
  const changed = Object.entries(wording).filter(
    ([name, text]) => shipped[name as PartName] !== text,
  )
  return Object.fromEntries(changed)
}

function usable(kind: MailKind, kept: Wording = {}): Wording {
  const parts = partsOf(kind)
    .map(([name, rule]) => [name, kept[name], rule] as const)
    .filter(([, text, rule]) => typeof text === 'string' && faultOf(text, rule) === null)
  return Object.fromEntries(parts.map(([name, text]) => [name, text]))
}

/** Such as `fr.subject`. */
function changedParts(before: Wordings, after: Wordings): string[] {
  return LANGUAGES.flatMap((language) =>
    Object.entries(after[language])
      .filter(([name, text]) => before[language][name as PartName] !== text)
      .map(([name]) => `${language}.${name}`),
  )
}

function areaOf(kind: MailKind): string {
  return `letter-${kind}`
}
