/** Puts mails into the queue, in the transaction of what they tell. jobs/mail-runner.ts sends them. */
import type { Rows } from '../../store/store.ts'
import type { Context } from '../context.ts'
import { makeId } from '../secret.ts'
import { DAY_MS, RESET_LIFE_MS } from '../accounts/link-life.ts'
import type { Mail, MailKind, Recipient } from './mail.ts'

export const GIVEN_UP_AFTER_MS = 2 * DAY_MS
/** What a mail is worth sending for, when that is less: its link is dead afterwards. */
const WORTH_MS: Partial<Record<MailKind, number>> = { reset: RESET_LIFE_MS }

/** Stands or falls with all else that is written in the transaction of `rows`. */
export async function queueMail(
  context: Pick<Context, 'now' | 'seal' | 'onMailQueued'>,
  rows: Rows,
  to: Recipient,
  mail: Mail,
): Promise<void> {
  const id = makeId()
  const nowMs = context.now()
  await rows.mails.add({
    id,
    kind: mail.kind,
    recipient: to.email,
    language: to.language,
    content: context.seal.seal(JSON.stringify(mail), id),
    state: 'waiting',
    createdAt: nowMs,
    giveUpAt: nowMs + (WORTH_MS[mail.kind] ?? GIVEN_UP_AFTER_MS),
    nextTryAt: nowMs,
    tries: 0,
    triedAt: null,
    answer: '',
    endedAt: null,
  })
  rows.afterwards(() => context.onMailQueued(to, mail))
}

/** @returns null when the key that sealed it is not the one in use. */
export function contentOf(
  { seal }: Pick<Context, 'seal'>,
  { id, content }: { readonly id: string; readonly content: string },
): Mail | null {
  const text = seal.open(content, id)
  return text === null ? null : (JSON.parse(text) as Mail)
}
