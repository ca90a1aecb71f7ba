/** A wording while somebody edits it. */
import {
  LETTERS,
  partsOf,
  type PartName,
  type PartRule,
  type Placeholder,
} from '@huisclos/tmms/contract/letter-parts'
import type { Language } from '@huisclos/tmms/contract/accounts'
import type { Wordings } from '@huisclos/tmms/contract/letters'
import { faultOf, tidyTemplate, type TemplateFault } from '@huisclos/tmms/contract/template'
import { ApiFailure } from '../../../account/api.ts'
import { requireNone } from '../../../account/form-failures.ts'

export type Kind = keyof typeof LETTERS
export const LANGUAGES: readonly Language[] = ['en', 'fr']

export function isKind(id: string): id is Kind {
  return Object.hasOwn(LETTERS, id)
}

/** As the server calls it in a refusal. */
export function fieldOf(language: Language, part: PartName): string {
  return `wording.${language}.${part}`
}

export function faultIn(text: string, rule: PartRule): TemplateFault | null {
  return faultOf(tidyTemplate(text, rule), rule)
}

/** @throws {FormFailures} with everything that is wrong. */
export function requireGood(kind: Kind, wordings: Wordings): void {
  requireNone(
    LANGUAGES.flatMap((language) =>
      partsOf(kind).map(([part, rule]) => {
        const fault = faultIn(wordings[language][part] ?? '', rule)
        const field = fieldOf(language, part)
        return fault === null ? null : new ApiFailure('invalid-wording', { field })
      }),
    ),
  )
}

/** Every placeholder of a mail, and whether some part must have it. */
export function placeholdersOf(
  kind: Kind,
): readonly { readonly name: Placeholder; readonly required: boolean }[] {
  const rules = partsOf(kind).map(([, rule]) => rule)
  const names = [...new Set(rules.flatMap(({ may }) => may))]
  return names.map((name) => ({
    name,
    required: rules.some(({ must }) => must.includes(name)),
  }))
}
