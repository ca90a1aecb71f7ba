/** What mails say, in each language. */
import type { Language } from '../contract/accounts.ts'
import type { Mail } from '../domain/mail/mail.ts'
import type { Letter, Words } from './letter.ts'
import { en } from './letters-en.ts'
import { fr } from './letters-fr.ts'

const WORDS: Readonly<Record<Language, Words>> = { en, fr }

export function letterFor(language: Language, mail: Mail): Letter {
  const words = WORDS[language] as Readonly<Record<Mail['kind'], (mail: Mail) => Letter>>
  const letter = words[mail.kind](mail)
  const mark = 'meeting' in mail ? (mail.meeting.mark ?? null) : null
  if (mark === null) return letter
  return { ...letter, subject: `[${mark.text}] ${letter.subject}`, mark }
}
