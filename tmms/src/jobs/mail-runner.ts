/**
 * Sends what is in the queue of mails, several at once, until each is sent, refused or too old. A mail stays `waiting`
 * until its answer is written down: whatever ends this process in between, it is sent again with the same Message-ID.
 */
import type { Context } from '../domain/context.ts'
import { DAY_MS, linkLifeMs } from '../domain/accounts/link-life.ts'
import { readDress } from '../domain/mail/dress.ts'
import { endMail, failMail } from '../domain/mail/ending.ts'
import { mailRoute, type MailRoute } from '../domain/mail/mail-route.ts'
import { contentOf } from '../domain/mail/queue.ts'
import { compose } from '../mail/compose.ts'
import type { Delivery, Transport } from '../mail/transport.ts'
import type { MailRecord } from '../store/mails.ts'
import { MailPause, pauseAfter } from './mail-pause.ts'

/** How often it looks although nothing tells it to: the clock may have been put right. */
const LOOK_MS = 60_000
const OVERDUE_AT_ONCE = 100
/** And no longer than its links work. */
const CONTENT_KEPT_MS = 7 * DAY_MS
const TIDY_MS = 3_600_000

export interface MailRunnerOptions {
  readonly context: Context
  readonly transportFor: (route: MailRoute) => Transport
  readonly onFault: (error: unknown) => void
}

export class MailRunner {
  readonly #options: MailRunnerOptions
  readonly #host: string
  /** By recipient: two mails to one person never overtake each other on their way. */
  readonly #underWay = new Map<string, Promise<void>>()
  #pass: Promise<void> | undefined
  #again = false
  #timer: NodeJS.Timeout | undefined
  #closed = false
  readonly #pause = new MailPause()
  #tidiedAt = 0

  constructor(options: MailRunnerOptions) {
    this.#options = options
    this.#host = new URL(options.context.origin).hostname
  }

  /** Why nothing can be sent at the moment, or null. */
  get problem(): string | null {
    return this.#pause.problem
  }

  /** Looks at the queue soon. */
  wake(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#lookIn(0)
  }

  /** Tries at once what is due, although the server failed everybody a moment ago. */
  resume(): void {
    this.#pause.lift()
    this.wake()
  }

  /** Resolves when all that is due now was tried. */
  async idle(): Promise<void> {
    for (;;) {
      await this.#look()
      if (this.#underWay.size === 0 && !this.#again) return
      await Promise.all(this.#underWay.values())
    }
  }

  /** Waits for what is under way; the caller ends its connections when that takes too long. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#pass
    await Promise.all(this.#underWay.values())
  }

  #look(): Promise<void> {
    if (this.#pass !== undefined) {
      this.#again = true
      return this.#pass
    }
    this.#again = false
    const pass = this.#takeDue()
      .catch((error: unknown) => this.#options.onFault(error))
      .finally(() => {
        this.#pass = undefined
        if (this.#again) this.wake()
      })
    this.#pass = pass
    return pass
  }

  async #takeDue(): Promise<void> {
    if (this.#closed) return
    const { context, transportFor } = this.#options
    const nowMs = context.now()
    await this.#giveUpOverdue(nowMs)
    await this.#tidy(nowMs)
    if (nowMs >= this.#pause.untilMs) {
      const route = await mailRoute(context, context.store)
      const transport = transportFor(route)
      // While the server fails, one mail tries it for all.
      const room = (this.#pause.failing ? 1 : transport.parallel) - this.#underWay.size
      if (room > 0) await this.#startDue({ nowMs, room, route, transport })
    }
    await this.#sleep(nowMs)
  }

  async #startDue(work: {
    readonly nowMs: number
    readonly room: number
    readonly route: MailRoute
    readonly transport: Transport
  }): Promise<void> {
    const { nowMs, room, route, transport } = work
    const { mails } = this.#options.context.store
    const due = await mails.due(nowMs, room + this.#underWay.size)
    const next = new Map<string, MailRecord>()
    for (const mail of due) {
      if (next.size === room) break
      const busy = this.#underWay.has(mail.recipient) || next.has(mail.recipient)
      if (!busy) next.set(mail.recipient, mail)
    }
    // What was withdrawn since it was read stays here; what is withdrawn from now on may have arrived.
    const taken = await mails.take([...next.values()].map(({ id }) => id))
    for (const mail of next.values()) if (taken.has(mail.id)) this.#start(mail, route, transport)
  }

  #start(mail: MailRecord, { sender }: MailRoute, transport: Transport): void {
    const running = this.#send(mail, sender, transport)
      .catch((error: unknown) => this.#options.onFault(error))
      .finally(() => {
        this.#underWay.delete(mail.recipient)
        this.wake()
      })
    this.#underWay.set(mail.recipient, running)
  }

  async #send(mail: MailRecord, sender: MailRoute['sender'], transport: Transport): Promise<void> {
    const { context } = this.#options
    const content = contentOf(context, mail)
    if (content === null) {
      const answer = 'It was sealed with a key that is no longer in data/keys.'
      const { reached } = mail
      await endMail(context, mail, { state: 'given-up', answer, tried: false, reached })
      return
    }
    const to = { email: mail.recipient, language: mail.language }
    const dress = await readDress(context.store, content.kind)
    const stamp = { id: mail.id, createdAt: mail.createdAt, host: this.#host, sender, dress }
    const delivery = await transport.deliver(compose(to, content, stamp))
    // Ended in the middle: what came of it is not known.
    if (this.#closed && delivery.outcome === 'failed') return
    await this.#note(mail, delivery)
  }

  async #note(mail: MailRecord, delivery: Delivery): Promise<void> {
    const { context } = this.#options
    const { outcome, answer } = delivery
    if (outcome === 'failed') {
      if (delivery.everybody) this.#pause.begin(answer, context.now())
      const pauseMs = pauseAfter(mail.tries)
      const reached = delivery.unsure ? 1 : mail.reached
      await failMail(context, mail, { answer, nextTryAt: context.now() + pauseMs, reached })
      return
    }
    this.#pause.end()
    if (outcome === 'sent') await endMail(context, mail, { state: 'sent', answer, tried: true })
    else {
      const { reached } = mail
      await endMail(context, mail, { state: 'given-up', answer, tried: true, reached })
    }
  }

  async #giveUpOverdue(nowMs: number): Promise<void> {
    const { context } = this.#options
    for (const mail of await context.store.mails.overdue(nowMs, OVERDUE_AT_ONCE)) {
      if (this.#underWay.has(mail.recipient)) continue
      const answer = mail.answer || (this.problem ?? 'It waited too long.')
      await endMail(context, mail, { state: 'given-up', answer, tried: false })
    }
  }

  async #tidy(nowMs: number): Promise<void> {
    if (nowMs < this.#tidiedAt + TIDY_MS) return
    this.#tidiedAt = nowMs
    const { store } = this.#options.context
    const linkMs = await linkLifeMs(store, 'validate')
    const { mails } = store
    await mails.empty(nowMs - Math.min(CONTENT_KEPT_MS, linkMs))
  }

  async #sleep(nowMs: number): Promise<void> {
    const nextAt = await this.#options.context.store.mails.nextAt()
    if (this.#closed || this.#again) return
    clearTimeout(this.#timer)
    if (nextAt === null) return
    const wait = Math.max(nextAt, this.#pause.untilMs) - nowMs
    // What is due and not taken waits for one of those under way.
    if (wait <= 0 && this.#underWay.size > 0) return
    this.#lookIn(Math.min(Math.max(wait, 100), LOOK_MS))
  }

  #lookIn(ms: number): void {
    const look = (): void => void this.#look()
    this.#timer = setTimeout(look, ms).unref()
  }
}
