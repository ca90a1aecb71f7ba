/** A mail as it would be sent, for whoever words it. */
import type { Language } from '../contract/accounts.ts'
import type { MailPreview } from '../contract/letters.ts'
import type { Dress } from '../domain/mail/dress.ts'
import type { Mail } from '../domain/mail/mail.ts'
import type { Sender } from '../domain/mail/mail-route.ts'
import { versionsFor } from './compose.ts'
import { asHtml, asText, asTree } from './layout.ts'

export function previewOf(
  language: Language,
  mail: Mail,
  { dress, sender }: { readonly dress: Dress; readonly sender: Sender },
): MailPreview {
  const versions = versionsFor(language, mail, dress)
  return {
    from: `${sender.name} <${sender.address}>`,
    subject: versions[0]?.letter.subject ?? '',
    text: asText(versions, dress.house),
    html: asHtml(versions, dress.house),
    body: asTree(versions, dress.house),
  }
}
