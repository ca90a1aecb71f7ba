/** One language's version of a mail, and what each language must have words for. */
import type { Mark } from '../contract/switches.ts'
import type { Mail } from '../domain/mail/mail.ts'

/** In plain words; layout.ts dresses it. */
export interface Letter {
  readonly subject: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  /** Label and value, such as When: Monday. */
  readonly facts: readonly (readonly [string, string])[]
  readonly buttons: readonly { readonly label: string; readonly link: string }[]
  readonly small: string
  /** Classification mark of the meeting. */
  readonly mark?: Mark
}

/** A letter for each kind of mail. Whole sentences, so that translators see what they translate. */
export type Words = {
  readonly [K in Mail['kind']]: (mail: Extract<Mail, { kind: K }>) => Letter
}
