/** Puts mails into the queue, in the transaction of what they tell. jobs/mail-runner.ts sends them. */
import type { MailRecord } from '../../store/mails.ts'
import type { Rows } from '../../store/store.ts'
import type { Context } from '../context.ts'
import { makeId } from '../secret.ts'
import { DAY_MS } from '../accounts/link-life.ts'
import type { Mail, Recipient } from './mail.ts'
import { aboutOf, supersede } from './superseding.ts'

export const GIVEN_UP_AFTER_MS = 2 * DAY_MS

type Queueing = Pick<Context, 'now' | 'seal' | 'onMailQueued'>

/**
 * Stands or falls with all else that is written in the transaction of `rows`. What was not sent of the earlier mails about
 * the same to this address is withdrawn: this one says it, or the two cancel each other out.
 */
export async function queueMail(
  context: Queueing,
  rows: Rows,
  to: Recipient,
  mail: Mail,
): Promise<void> {
  const about = aboutOf(mail)
  const earlier = about === '' ? [] : await rows.mails.about(to.email, about)
  const open = earlier.filter(({ state }) => state === 'waiting' || state === 'given-up')
  const replaced = open.map((one) => contentOf(context, one))
  for (const one of open) await withdraw(rows, one, context.now())
  // Whoever has to learn of anything but the invitation was invited, although that mail may be purged.
  const known =
    earlier.some(({ reached }) => reached === 1) || open.some(({ kind }) => kind !== 'invitation')
  const next = supersede(mail, { known, replaced })
  if (next !== null) await add(context, rows, to, next)
}

/** Under way it may still become `sent`. */
export async function withdraw(rows: Rows, mail: MailRecord, nowMs: number): Promise<void> {
  const change = { state: 'withdrawn', content: '', endedAt: nowMs } as const
  await rows.mails.change(mail.id, mail.state, change)
}

async function add(context: Queueing, rows: Rows, to: Recipient, mail: Mail): Promise<void> {
  const id = makeId()
  const nowMs = context.now()
  await rows.mails.add({
    id,
    kind: mail.kind,
    recipient: to.email,
    language: to.language,
    content: context.seal.seal(JSON.stringify(mail), id),
    state: 'waiting',
    about: aboutOf(mail),
    reached: 0,
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

/** @returns null when the key that sealed it is not the one in use, or it is kept no longer. */
export function contentOf(
  { seal }: Pick<Context, 'seal'>,
  { id, content }: { readonly id: string; readonly content: string },
): Mail | null {
  const text = content === '' ? null : seal.open(content, id)
  return text === null ? null : (JSON.parse(text) as Mail)
}
