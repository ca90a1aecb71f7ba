/** Asking for a new password, without learning whether the account exists. */
import type { Context } from '../context.ts'
import { normaliseEmail } from './email.ts'
import type { Mail } from '../mail/mail.ts'
import { queueMail } from '../mail/queue.ts'
import { issueLink } from './link.ts'
import { Buckets } from '../sign-in/throttle.ts'

const PER_NETWORK = { capacity: 30, perSecond: 0.1 } as const
/** Three mails, then one each 20 minutes: enough for their owner, useless for flooding a mailbox. */
const PER_ADDRESS = { capacity: 3, perSecond: 1 / 1200 } as const

export class PasswordResets {
  readonly #context: Context
  readonly #networks: Buckets
  readonly #addresses: Buckets

  constructor(context: Context) {
    this.#context = context
    this.#networks = new Buckets(PER_NETWORK, context.now)
    this.#addresses = new Buckets(PER_ADDRESS, context.now)
  }

  /**
   * Mails a link if there is such an account, after the reply: neither its words nor its time tell.
   * @throws {TmmsError} `invalid-email`, `too-many-tries` from one network.
   */
  request(text: string, network: string): void {
    const email = normaliseEmail(text)
    this.#networks.charge(network)
    if (!this.#addresses.take(email)) return
    this.#context.later(() => this.#send(email))
  }

  async #send(email: string): Promise<void> {
    await this.#context.store.atomically(async (rows) => {
      const account = await rows.accounts.byEmail(email)
      if (account === undefined || account.state === 'disabled') return
      // Whoever lost the first mail asks for a new password too; what they need is the validation link once more.
      const invited = account.state === 'invited'
      const purpose = invited ? 'validate' : 'reset'
      const link = await issueLink(this.#context, rows, purpose, { accountId: account.id })
      const { role } = account
      const mail: Mail = invited ? { kind: 'welcome', role, link } : { kind: 'reset', link }
      await queueMail(this.#context, rows, account, mail)
    })
  }
}
