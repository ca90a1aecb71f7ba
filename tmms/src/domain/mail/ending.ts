/** What becomes of a mail after a try. */
import type { MailRecord } from '../../store/mails.ts'
import { showEmail } from '../accounts/email.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { oneLine } from './shown-answer.ts'

/** For a following try. */
export async function failMail(
  { store, now }: Context,
  { id, tries }: MailRecord,
  failure: Pick<MailRecord, 'answer' | 'nextTryAt' | 'reached'>,
): Promise<void> {
  await store.mails.change(id, 'waiting', {
    tries: tries + 1,
    triedAt: now(),
    answer: oneLine(failure.answer),
    nextTryAt: failure.nextTryAt,
    reached: failure.reached,
  })
}

interface MailEnd {
  readonly state: 'sent' | 'given-up'
  readonly answer: string
  readonly tried: boolean
  /** As it was before a try that certainly did not reach the recipient. */
  readonly reached?: MailRecord['reached']
  /** Who ends it; the server itself when absent. */
  readonly actor?: Actor
}

/**
 * Sent: what it said is forgotten. Given up: it is kept while its links work, so that an administrator can retry.
 * @returns false when it did not wait any more.
 */
export async function endMail(
  { store, now }: Context,
  mail: MailRecord,
  end: MailEnd,
): Promise<boolean> {
  const nowMs = now()
  const answer = oneLine(end.answer)
  const useless = end.state === 'sent' || mail.kind === 'reset'
  return store.atomically(async (rows) => {
    const change = {
      state: end.state,
      answer,
      endedAt: nowMs,
      ...(end.tried ? { triedAt: nowMs, tries: mail.tries + 1 } : {}),
      ...(useless ? { content: '' } : {}),
      ...(end.reached === undefined ? {} : { reached: end.reached }),
    }
    let ended = await rows.mails.change(mail.id, 'waiting', change)
    if (end.state === 'sent') {
      // Somebody gave it up while it was under way, or something newer replaced it.
      for (const state of ['given-up', 'withdrawn'] as const) {
        if (!ended) ended = await rows.mails.change(mail.id, state, change)
      }
      return ended
    }
    if (!ended) return false
    await record(rows, end.actor ?? { account: null, from: '' }, nowMs, {
      action: 'mail-given-up',
      object: { kind: 'mail', id: mail.id, name: showEmail(mail.recipient) },
      details: { kind: mail.kind, answer },
    })
    return true
  })
}
