/** What becomes of a mail after a try. */
import type { MailRecord } from '../../store/mails.ts'
import { showEmail } from '../accounts/email.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'

const ANSWER_MAX_CHARACTERS = 500

/** For a following try. */
export async function failMail(
  { store, now }: Context,
  { id, tries }: MailRecord,
  failure: { readonly answer: string; readonly nextTryAt: number },
): Promise<void> {
  await store.mails.change(id, 'waiting', {
    tries: tries + 1,
    triedAt: now(),
    answer: oneLine(failure.answer),
    nextTryAt: failure.nextTryAt,
  })
}

/** Sent: what it said is forgotten. Given up: it is kept while its links work, so that an administrator can retry. */
export async function endMail(
  { store, now }: Context,
  mail: MailRecord,
  end: { readonly state: 'sent' | 'given-up'; readonly answer: string; readonly tried: boolean },
): Promise<void> {
  const nowMs = now()
  const answer = oneLine(end.answer)
  const useless = end.state === 'sent' || mail.kind === 'reset'
  await store.atomically(async (rows) => {
    const ended = await rows.mails.change(mail.id, 'waiting', {
      state: end.state,
      answer,
      endedAt: nowMs,
      ...(end.tried ? { triedAt: nowMs, tries: mail.tries + 1 } : {}),
      ...(useless ? { content: '' } : {}),
    })
    if (!ended || end.state === 'sent') return
    await record(rows, { account: null, from: '' }, nowMs, {
      action: 'mail-given-up',
      object: { kind: 'mail', id: mail.id, name: showEmail(mail.recipient) },
      details: { kind: mail.kind, answer },
    })
  })
}

function oneLine(answer: string): string {
  return answer
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, ANSWER_MAX_CHARACTERS)
}
