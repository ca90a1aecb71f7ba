/** Parts, placeholders and faults of wordings in the reader's language. */
import type { Language } from '@huisclos/tmms/contract/accounts'
import type { PartName, PartRule, Placeholder } from '@huisclos/tmms/contract/letter-parts'
import type { TemplateFault } from '@huisclos/tmms/contract/template'
import { m } from '../../../paraglide/messages.js'

const PARTS: Readonly<Record<PartName, () => string>> = {
  subject: m.admin_letters_part_subject,
  text: m.admin_letters_part_text,
  newcomer: m.admin_letters_part_newcomer,
  button: m.admin_letters_part_button,
  activate: m.admin_letters_part_activate,
}

export const PLACEHOLDER_WORDS: Readonly<Record<Placeholder, () => string>> = {
  installation: m.admin_letters_ph_installation,
  role: m.admin_letters_ph_role,
  former: m.admin_letters_ph_former,
  address: m.admin_letters_ph_address,
  count: m.admin_letters_ph_count,
  organiser: m.admin_letters_ph_organiser,
  title: m.admin_letters_ph_title,
  date: m.admin_letters_ph_date,
  duration: m.admin_letters_ph_duration,
  details: m.admin_letters_ph_details,
  link: m.admin_letters_ph_link,
}

export function wordLanguage(language: Language): string {
  return language === 'fr' ? m.admin_letters_french() : m.admin_letters_english()
}

/** A place as the server names it in the audit log, such as `fr.subject`; undefined for anything else. */
export function wordPlaceNamed(name: string): string | undefined {
  const [language, part = ''] = name.split('.')
  const known = (language === 'en' || language === 'fr') && Object.hasOwn(PARTS, part)
  return known ? wordPlace(language, part as PartName) : undefined
}

/** Such as “Subject in French”. */
export function wordPlace(language: Language, part: PartName): string {
  return m.admin_letters_place({ part: PARTS[part](), language: wordLanguage(language) })
}

export function braced(name: string): string {
  return `{${name}}`
}

export function wordFault(place: string, fault: TemplateFault, { may }: PartRule): string {
  switch (fault.is) {
    case 'empty':
      return m.admin_letters_fault_empty({ place })
    case 'too-long':
      return m.admin_letters_fault_long({ place, max: fault.max })
    case 'line-break':
      return m.admin_letters_fault_line({ place })
    case 'invisible':
      return m.admin_letters_fault_invisible({ place, sign: fault.sign })
    case 'brace':
      return m.admin_letters_fault_brace({ place })
    case 'missing':
      return m.admin_letters_fault_missing({ place, name: braced(fault.name) })
    case 'twice':
      return m.admin_letters_fault_twice({ place, name: braced(fault.name) })
    case 'unknown':
      return wordUnknown(place, braced(fault.name), may)
  }
}

function wordUnknown(place: string, name: string, may: readonly Placeholder[]): string {
  if (may.length === 0) return m.admin_letters_fault_unknown_none({ place, name })
  return m.admin_letters_fault_unknown({ place, name, known: may.map(braced).join(', ') })
}
