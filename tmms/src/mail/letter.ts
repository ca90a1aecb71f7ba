/** One language's version of a mail, in plain words; layout.ts dresses it. */
import type { Mark } from '../contract/switches.ts'

export interface Letter {
  readonly subject: string
  readonly paragraphs: readonly Paragraph[]
  /** Classification mark of the meeting. */
  readonly mark?: Mark
}

export type Paragraph =
  /** `small`: after what the mail is about. */
  | { readonly kind: 'text'; readonly text: string; readonly small: boolean }
  | { readonly kind: 'details'; readonly facts: Facts }
  | ({ readonly kind: 'link' } & LinkParagraph)

/** Label and value, such as When: Monday. */
export type Facts = readonly (readonly [string, string])[]

/** What stands for the link: nobody but this server says where it leads. */
export interface LinkParagraph {
  readonly texts: readonly string[]
  readonly buttons: readonly { readonly label: string; readonly link: string }[]
  /** How long it works; empty when that goes without saying. */
  readonly note: string
}
