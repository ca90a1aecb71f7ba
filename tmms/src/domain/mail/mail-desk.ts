/** What administrators do about mails: see them, try them again, give them up. */
import type { Language } from '../../contract/accounts.ts'
import type { MailPreview, Wordings } from '../../contract/letters.ts'
import type { MailRow, MailState, MailStatus, MailTest } from '../../contract/mail.ts'
import { TmmsError } from '../../errors.ts'
import type { MailRecord } from '../../store/mails.ts'
import { showEmail } from '../accounts/email.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { pageOf, placeOf, type Page, type PageRequest } from '../paging.ts'
import { endMail } from './ending.ts'
import type { MailKind, Recipient } from './mail.ts'
import { mailRoute } from './mail-route.ts'
import { GIVEN_UP_AFTER_MS } from './queue.ts'

/** What sends the queue, as far as administrators have to do with it. */
export interface MailSending {
  /** Why nothing can be sent at the moment, or null. */
  problem(): string | null
  /** Tries at once what is due. */
  resume(): void
  /** Sends one mail outside the queue. */
  test(to: Recipient): Promise<MailTest>
  /** As it would be sent to a reader of this language, with made-up people. */
  preview(kind: MailKind, language: Language, wordings: Wordings): Promise<MailPreview>
  /** The folder that mails go to when there is no server. */
  readonly outboxFolder: string
}

export async function mailStatus(context: Context, sending: MailSending): Promise<MailStatus> {
  const { kind, smtp, passwordSet } = await mailRoute(context, context.store)
  const { waiting, sent, 'given-up': givenUp, withdrawn } = await context.store.mails.counts()
  return {
    route: kind,
    target: smtp === null ? sending.outboxFolder : `${smtp.host}:${smtp.port}`,
    passwordSet,
    problem: waiting === 0 ? null : sending.problem(),
    counts: { waiting, sent, givenUp, withdrawn },
  }
}

/** Newest first. */
export async function listMails(
  { store }: Context,
  { state, cursor, limit }: PageRequest & { readonly state: MailState },
): Promise<Page<MailRow>> {
  const records = await store.mails.page(state, placeOf(cursor), limit + 1)
  const { rows, next } = pageOf(records, limit, ({ createdAt, id }) => ({ atMs: createdAt, id }))
  return { rows: rows.map(mailRow), next }
}

/** All that wait after failures are due now. */
export async function retryMails({ store, now }: Context): Promise<void> {
  await store.atomically((rows) => rows.mails.hurry(now()))
}

/** @throws {TmmsError} `not-found`; `not-allowed` when it was sent or withdrawn, or its links are dead. */
export async function retryMail(context: Context, actor: Actor, id: string): Promise<MailRow> {
  const nowMs = context.now()
  return context.store.atomically(async (rows) => {
    const mail = await rows.mails.byId(id)
    if (mail === undefined) throw noSuchMail()
    if (!canRetry(mail)) {
      throw new TmmsError(
        'not-allowed',
        'This mail was sent, is no longer needed, or its links do not work any more.',
      )
    }
    const again = { state: 'waiting' as const, nextTryAt: nowMs, endedAt: null }
    const givenUp = mail.state === 'given-up'
    const change = givenUp ? { ...again, giveUpAt: nowMs + GIVEN_UP_AFTER_MS } : again
    await rows.mails.change(id, mail.state, change)
    await record(rows, actor, nowMs, {
      action: 'mail-retried',
      object: { kind: 'mail', id, name: showEmail(mail.recipient) },
      details: { kind: mail.kind },
    })
    return mailRow({ ...mail, ...change })
  })
}

/** @throws {TmmsError} `not-found`; `not-allowed` when it does not wait. */
export async function giveUpMail(context: Context, actor: Actor, id: string): Promise<MailRow> {
  const mail = await context.store.mails.byId(id)
  if (mail === undefined) throw noSuchMail()
  const end = { state: 'given-up' as const, answer: mail.answer, tried: false, actor }
  if (!(await endMail(context, mail, end))) {
    throw new TmmsError('not-allowed', 'This mail does not wait any more.')
  }
  return mailRow((await context.store.mails.byId(id)) ?? mail)
}

function mailRow(mail: MailRecord): MailRow {
  const { id, kind, recipient, state, createdAt, tries, triedAt, nextTryAt, endedAt } = mail
  return {
    id,
    kind,
    to: showEmail(recipient),
    state,
    createdAt: isoOf(createdAt),
    tries,
    triedAt: triedAt === null ? null : isoOf(triedAt),
    nextTryAt: state === 'waiting' ? isoOf(nextTryAt) : null,
    endedAt: endedAt === null ? null : isoOf(endedAt),
    answer: mail.answer,
    canRetry: canRetry(mail),
  }
}

function canRetry({ state, content }: MailRecord): boolean {
  return (state === 'waiting' || state === 'given-up') && content !== ''
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

function noSuchMail(): TmmsError {
  return new TmmsError('not-found', 'There is no such mail.')
}
