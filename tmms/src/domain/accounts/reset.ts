/** Asking for a new password, without learning whether the account exists. */
import type { Actor } from '../audit/actor.ts'
import { accountObject, addressObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { normaliseEmail } from './email.ts'
import type { Mail } from '../mail/mail.ts'
import { queueMail } from '../mail/queue.ts'
import { linkLifeMs } from './link-life.ts'
import { issueLink } from './link.ts'
import { Budget } from '../limits/budget.ts'
import { networkOf } from '../limits/network.ts'
import { bucket } from '../limits/rules.ts'

const PER_NETWORK = { capacity: 30, perSecond: 0.1 } as const
/** Three mails, then one each 20 minutes: enough for their owner, useless for flooding a mailbox. */
const PER_ADDRESS = { capacity: 3, perSecond: 1 / 1200 } as const

export class PasswordResets {
  readonly #context: Context
  readonly #networks: Budget
  readonly #addresses: Budget

  constructor(context: Context) {
    this.#context = context
    this.#networks = new Budget('reset-network', bucket(PER_NETWORK), context.now)
    this.#addresses = new Budget('reset-address', bucket(PER_ADDRESS), context.now)
  }

  /**
   * Mails a link if there is such an account, after the reply: neither its words nor its time tell.
   * @throws {TmmsError} `invalid-email`, `too-many-tries` from one network, `unavailable`.
   */
  async request(text: string, actor: Actor): Promise<void> {
    const email = normaliseEmail(text)
    const network = networkOf(actor.from)
    this.#networks.check(network)
    const mailed = await this.#context.store.hastily(async (rows) => {
      await this.#networks.take(rows, network)
      return this.#addresses.takeIfAny(rows, email)
    })
    if (mailed) this.#context.later(() => this.#send(email, actor))
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
      const lifeMs = await linkLifeMs(rows, purpose)
      const mail: Mail = invited
        ? { kind: 'welcome', role, link, lifeMs }
        : { kind: 'reset', link, lifeMs }
      await queueMail(this.#context, rows, account, mail)
    })
  }

  #note(email: string, actor: Actor, reason: string): void {
    const object = addressObject(email)
    const refusal = { action: 'password-reset-refused', reason, about: email, object } as const
    this.#context.refusals.note(actor, refusal)
  }
}
