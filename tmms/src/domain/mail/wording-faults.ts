/** What is wrong with a wording, in one sentence that names language, part and what to do. */
import type { Language } from '../../contract/accounts.ts'
import type { PartName, PartRule } from '../../contract/letter-parts.ts'
import type { TemplateFault } from '../../contract/template.ts'
import { TmmsError } from '../../errors.ts'

const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', fr: 'French' }
const PARTS: Readonly<Record<PartName, string>> = {
  subject: 'subject',
  text: 'text',
  newcomer: 'text for newcomers',
  button: 'label of the link',
  activate: 'label of the activation link',
}

export function badWording(
  language: Language,
  part: PartName,
  fault: TemplateFault,
  rule?: PartRule,
): TmmsError {
  const place = `The ${LANGUAGES[language]} ${PARTS[part]}`
  return new TmmsError('invalid-wording', `${place} ${sentenceOf(fault, rule)}`, {
    field: `wording.${language}.${part}`,
  })
}

function sentenceOf(fault: TemplateFault, rule: PartRule | undefined): string {
  switch (fault.is) {
    case 'empty':
      return 'is empty: write it, or put the shipped one back.'
    case 'too-long':
      return `is too long: leave at most ${fault.max} characters.`
    case 'line-break':
      return 'has several lines: make one of them.'
    case 'invisible':
      return `has a sign that nobody sees (${fault.sign}): take it out.`
    case 'brace':
      return 'has a brace without its counterpart: braces stand only around a placeholder.'
    case 'twice':
      return `has {${fault.name}} more than once: leave one.`
    case 'missing':
      return `lacks {${fault.name}}: put it where it belongs.`
    case 'unknown':
      return rule === undefined
        ? 'is not a part of this mail: leave it out.'
        : `has the unknown placeholder {${fault.name}}: ${allowed(rule)}.`
  }
}

function allowed({ may }: PartRule): string {
  if (may.length === 0) return 'here are none'
  return `here are ${may.map((name) => `{${name}}`).join(', ')}`
}
