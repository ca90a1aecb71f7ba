/** Asking for a new password, without learning whether the account exists. */
import type { Actor } from '../audit/actor.ts'
import { accountObject, addressObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { normaliseEmail } from './email.ts'
import type { Mail } from '../mail/mail.ts'
import { queueMail } from '../mail/queue.ts'
import { issueLink } from './link.ts'
import { Buckets, networkOf } from '../sign-in/throttle.ts'

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
  request(text: string, actor: Actor): void {
    const email = normaliseEmail(text)
    this.#networks.charge(networkOf(actor.from))
    if (this.#addresses.take(email)) this.#context.later(() => this.#send(email, actor))
    else this.#note(email, actor, 'too-many-tries')
  }

  async #send(email: string, actor: Actor): Promise<void> {
    await this.#context.store.atomically(async (rows) => {
      const account = await rows.accounts.byEmail(email)
      if (account === undefined || account.state === 'disabled') {
        this.#note(email, actor, account === undefined ? 'no-account' : 'suspended')
        return
      }
      // Whoever lost the first mail asks for a new password too; what they need is the validation link once more.
      const invited = account.state === 'invited'
      const purpose = invited ? 'validate' : 'reset'
      const link = await issueLink(this.#context, rows, purpose, { accountId: account.id })
      const object = accountObject(account)
      const deed = { action: 'password-reset-asked', object, details: { purpose } } as const
      await record(rows, actor, this.#context.now(), deed)
      const { role } = account
      const mail: Mail = invited ? { kind: 'welcome', role, link } : { kind: 'reset', link }
      await queueMail(this.#context, rows, account, mail)
    })
  }

  #note(email: string, actor: Actor, reason: string): void {
    const object = addressObject(email)
    const refusal = { action: 'password-reset-refused', reason, about: email, object } as const
    this.#context.refusals.note(actor, refusal)
  }
}
