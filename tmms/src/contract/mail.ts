/** The queue of mails, as administrators see it. */
import { z } from 'zod'

export const mailState = z.enum(['waiting', 'sent', 'given-up'])
export type MailState = z.infer<typeof mailState>
