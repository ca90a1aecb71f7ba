/** The transport of the route in force: made when it is first asked for, ended when the route changes. */
import type { MailRoute } from '../domain/mail/mail-route.ts'
import type { MailTest } from '../contract/mail.ts'
import type { Recipient } from '../domain/mail/mail.ts'
import { compose, type Stamp } from './compose.ts'
import { openOutbox } from './outbox.ts'
import { openSmtp, SMTP_LIMITS, type SmtpOptions } from './smtp.ts'
import { testSmtp } from './smtp-test.ts'
import type { Transport } from './transport.ts'

/** Somebody waits for the answer. */
const TEST_LIMITS = { connectMs: 10_000, greetingMs: 15_000, silenceMs: 30_000 }

export type TransportOptions = Pick<SmtpOptions, 'name' | 'ca'> & {
  readonly outboxFolder: string
}

export class Transports {
  readonly #options: TransportOptions
  readonly #outbox: Transport
  #route = 'null'
  #current: Transport

  constructor(options: TransportOptions) {
    this.#options = options
    this.#outbox = openOutbox(options.outboxFolder)
    this.#current = this.#outbox
  }

  forRoute({ smtp }: MailRoute): Transport {
    const route = JSON.stringify(smtp)
    if (route !== this.#route) {
      this.#current.close()
      this.#current =
        smtp === null
          ? this.#outbox
          : openSmtp({ ...this.#options, server: smtp, limits: SMTP_LIMITS })
      this.#route = route
    }
    return this.#current
  }

  /** Sends a mail over a connection of its own, or into the outbox. */
  async test(
    { smtp, sender }: MailRoute,
    to: Recipient,
    stamp: Omit<Stamp, 'sender'>,
  ): Promise<MailTest['steps']> {
    const message = compose(to, { kind: 'test' }, { ...stamp, sender })
    if (smtp !== null) {
      return testSmtp({ ...this.#options, server: smtp, limits: TEST_LIMITS }, message)
    }
    const { outcome, answer } = await this.#outbox.deliver(message)
    return [{ step: 'outbox', ok: outcome === 'sent', answer }]
  }

  close(): void {
    this.#current.close()
  }
}
