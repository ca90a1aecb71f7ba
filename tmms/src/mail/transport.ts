/** How a composed message leaves this server: as a file or by SMTP. */
import type { SendMailOptions } from 'nodemailer'

/** What became of one try. `answer` is for administrators: the server's own words, or why there are none. */
export type Delivery =
  | { readonly outcome: 'sent'; readonly answer: string }
  /** For good: another try would be answered alike. */
  | { readonly outcome: 'refused'; readonly answer: string }
  | {
      readonly outcome: 'failed'
      readonly answer: string
      /** Not because of this mail, so that others would fare alike. */
      readonly everybody: boolean
      /** No answer came: the server may have taken it. */
      readonly unsure: boolean
    }

export interface Transport {
  /** Mails under way at once. */
  readonly parallel: number
  /** Never rejects. */
  deliver(message: SendMailOptions): Promise<Delivery>
  /** Ends connections; what is under way fails. */
  close(): void
}
