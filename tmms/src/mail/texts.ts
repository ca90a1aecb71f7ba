/** Puts what a mail tells into its wording. */
import type { Language } from '../contract/accounts.ts'
import type { Placeholder } from '../contract/letter-parts.ts'
import { piecesOf, type Piece } from '../contract/template.ts'
import type { Dress } from '../domain/mail/dress.ts'
import type { Mail } from '../domain/mail/mail.ts'
import type { Letter, Paragraph } from './letter.ts'
import { letterValues, type LetterValues } from './letter-values.ts'

export function letterFor(language: Language, mail: Mail, { wordings, house }: Dress): Letter {
  const wording = wordings[language]
  const values = letterValues(language, mail, wording)
  const given = { ...values.texts, installation: house.name }
  const texts = Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, oneLine(text)]),
  )
  const subject = oneLine(filled(piecesOf(wording.subject ?? ''), texts))
  const paragraphs = paragraphsOf(wording.text ?? '', { ...values, texts })
  const mark = 'meeting' in mail ? (mail.meeting.mark ?? null) : null
  if (mark === null) return { subject, paragraphs }
  return { subject: `[${mark.text}] ${subject}`, paragraphs, mark }
}

type Texts = LetterValues['texts']

/** What is put in is not read again: a title that looks like a placeholder is a title. */
function filled(pieces: readonly Piece[], texts: Texts): string {
  return pieces
    .map((piece) => ('text' in piece ? piece.text : (texts[piece.placeholder] ?? '')))
    .join('')
}

/** RFC 5322 section 2.2: nothing of a header begins another one, wherever the title came from. */
function oneLine(subject: string): string {
  return subject.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

function paragraphsOf(template: string, values: LetterValues): readonly Paragraph[] {
  const paragraphs: Paragraph[] = []
  let small = false
  for (const source of template.split(/\n{2,}/)) {
    let run: Piece[] = []
    const end = (): void => {
      const text = filled(run, values.texts).trim()
      if (text !== '') paragraphs.push({ kind: 'text', text, small })
      run = []
    }
    for (const piece of piecesOf(source)) {
      const block = 'placeholder' in piece ? blockOf(piece.placeholder, values) : null
      if (block === null) run.push(piece)
      else {
        end()
        paragraphs.push(block)
        small = true
      }
    }
    end()
  }
  return paragraphs
}

function blockOf(placeholder: Placeholder, { details, link }: LetterValues): Paragraph | null {
  if (placeholder === 'details' && details !== undefined) return { kind: 'details', facts: details }
  if (placeholder === 'link' && link !== undefined) return { kind: 'link', ...link }
  return null
}
