/** Puts mails into the queue, in the transaction of what they tell. jobs/mail-runner.ts sends them. */
import type { Rows } from '../../store/store.ts'
import type { Context } from '../context.ts'
import { makeId } from '../secret.ts'
import { DAY_MS } from '../accounts/link-life.ts'
import type { Mail, Recipient } from './mail.ts'

export const GIVEN_UP_AFTER_MS = 2 * DAY_MS

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
    giveUpAt: nowMs + Math.min(GIVEN_UP_AFTER_MS, worthMs(mail)),
    nextTryAt: nowMs,
    tries: 0,
    triedAt: null,
    answer: '',
    endedAt: null,
  })
  rows.afterwards(() => context.onMailQueued(to, mail))
}

/** A mail whose link is dead is not worth sending. */
function worthMs(mail: Mail): number {
  return 'lifeMs' in mail ? (mail.lifeMs ?? Infinity) : Infinity
}

/** @returns null when the key that sealed it is not the one in use. */
export function contentOf(
  { seal }: Pick<Context, 'seal'>,
  { id, content }: { readonly id: string; readonly content: string },
): Mail | null {
  const text = seal.open(content, id)
  return text === null ? null : (JSON.parse(text) as Mail)
}
