/** The transport of the route in force: made when it is first asked for, ended when the route changes. */
import type { MailRoute } from '../domain/mail/mail-route.ts'
import { openOutbox } from './outbox.ts'
import type { Transport } from './transport.ts'

export class Transports {
  readonly #outbox: Transport
  #route = ''
  #current: Transport

  constructor(outboxFolder: string) {
    this.#outbox = openOutbox(outboxFolder)
    this.#current = this.#outbox
  }

  forRoute({ smtp }: MailRoute): Transport {
    const route = JSON.stringify(smtp)
    if (route !== this.#route) {
      this.#current.close()
      this.#current = this.#outbox
      this.#route = route
    }
    return this.#current
  }

  close(): void {
    this.#current.close()
  }
}
