/** One line of text as it is read: without what nobody sees, which is pasted by accident or used to deceive (U3). */
import { EMPTY_BRAILLE, INVISIBLE, JOINERS } from '../../contract/unseen.ts'

/** Blanks of every kind, line breaks, and the empty Braille pattern, which looks like one. */
const BLANKS = new RegExp(`[\\s${EMPTY_BRAILLE}]+`, 'gu')

export function cleanLine(text: string): string {
  return text
    .replace(BLANKS, ' ')
    .replace(INVISIBLE, '')
    .replace(JOINERS, '$1')
    .normalize('NFC')
    .replace(/ {2,}/gu, ' ')
    .trim()
}
