/** Puts together what sends mails: the queue's runner, its transports, and what administrators may ask of them. */
import { setTimeout } from 'node:timers/promises'
import { readHouse } from '../domain/branding/house.ts'
import type { Context } from '../domain/context.ts'
import { showEmail } from '../domain/accounts/email.ts'
import { readDress } from '../domain/mail/dress.ts'
import type { MailSending } from '../domain/mail/mail-desk.ts'
import { mailRoute } from '../domain/mail/mail-route.ts'
import { makeId } from '../domain/secret.ts'
import { previewOf } from '../mail/preview.ts'
import { sampleMail } from '../mail/sample.ts'
import { Transports } from '../mail/transports.ts'
import { MailRunner } from './mail-runner.ts'

/** A server that is slow gets this long for what it was handed; the rest is sent after the next start. */
const GRACE_MS = 2_000

export interface Mailing extends MailSending {
  /** Looks at the queue soon. */
  wake(): void
  /** Resolves when all that is due was tried. */
  idle(): Promise<void>
  close(): Promise<void>
}

export interface MailingOptions {
  readonly outboxFolder: string
  /** PEM of an authority to trust beside the known ones. */
  readonly ca: string | null
  readonly onFault: (error: unknown) => void
}

export function openMailing(context: Context, options: MailingOptions): Mailing {
  const { outboxFolder, ca, onFault } = options
  const host = new URL(context.origin).hostname
  const transports = new Transports({ outboxFolder, name: host, ca })
  const runner = new MailRunner({
    context,
    transportFor: (route) => transports.forRoute(route),
    onFault,
  })
  runner.wake()
  return {
    outboxFolder,
    problem: () => runner.problem,
    resume: () => runner.resume(),
    wake: () => runner.wake(),
    idle: () => runner.idle(),
    test: async ({ email, language }) => {
      const route = await mailRoute(context, context.store)
      const dress = await readDress(context.store, 'test')
      const stamp = { id: makeId(), createdAt: context.now(), host, dress }
      const steps = await transports.test(route, { email, language }, stamp)
      return { to: showEmail(email), steps }
    },
    preview: async (kind, language, wordings) => {
      const { store, origin, timeZone: zone } = context
      const { sender } = await mailRoute(context, store)
      const house = await readHouse(store)
      const mail = sampleMail(kind, { origin, nowMs: context.now(), zone })
      return previewOf(language, mail, { dress: { wordings, house }, sender })
    },
    close: async () => {
      const ended = runner.close()
      await Promise.race([ended, setTimeout(GRACE_MS, undefined, { ref: false })])
      transports.close()
      await ended
    },
  }
}
