/** Sends one mail and tells each step of the dialogue with the server, in the server's words. */
import nodemailer, { type SendMailOptions } from 'nodemailer'
import type { MailStep, MailTest } from '../contract/mail.ts'
import type { SmtpServer } from '../domain/mail/mail-route.ts'
import { shownAnswer } from '../domain/mail/shown-answer.ts'
import { faultOf } from './smtp-fault.ts'
import { connectionOptions, type SmtpOptions } from './smtp.ts'

type Steps = MailTest['steps']
const SENT = 354

export async function testSmtp(options: SmtpOptions, message: SendMailOptions): Promise<Steps> {
  const dialogue = new Dialogue(options.server)
  const transport = nodemailer.createTransport({
    ...connectionOptions(options),
    transactionLog: true,
    logger: dialogue.logger(),
  })
  try {
    await transport.sendMail(message)
    return dialogue.steps()
  } catch (error) {
    const { step, answer } = faultOf(error, options.server)
    // What is asked for without an answer says more than where nodemailer noticed the end.
    return dialogue.stopped(step === 'connect' ? (dialogue.waitingFor() ?? step) : step, answer)
  } finally {
    transport.close()
  }
}

/** Listens to nodemailer's log: which command was sent, and what came back. */
class Dialogue {
  readonly #answers = new Map<MailStep, string>()
  /** Commands whose answer is still to come: they may be sent together (RFC 2920). */
  readonly #asked: (MailStep | null)[] = []
  #connected = false
  readonly #server: SmtpServer

  constructor(server: SmtpServer) {
    this.#server = server
  }

  logger() {
    const log = (entry: unknown, text: unknown): void =>
      this.#hear(Object(entry) as LogEntry, String(text))
    return { trace: log, debug: log, info: log, warn: log, error: log, fatal: log }
  }

  steps(): Steps {
    return [...this.#answers].map(([step, text]) => {
      const answer = shownAnswer(text, this.#server)
      return { step, ok: true, answer }
    })
  }

  stopped(step: MailStep, answer: string): Steps {
    this.#answers.delete(step)
    return [...this.steps(), { step, ok: false, answer }]
  }

  waitingFor(): MailStep | undefined {
    return this.#connected ? this.#asked.find((step) => step !== null) : undefined
  }

  #hear({ tnx, resolved }: LogEntry, text: string): void {
    if (tnx === 'dns') this.#answers.set('dns', resolved ?? '')
    if (tnx === 'client') this.#ask(text)
    if (tnx === 'server') this.#answer(text)
  }

  #ask(command: string): void {
    this.#asked.push(stepOfCommand(command))
  }

  #answer(text: string): void {
    if (!this.#connected) {
      this.#connected = true
      this.#answers.set('connect', text)
      if (this.#server.security === 'tls') this.#answers.set('tls', '')
      return
    }
    const step = this.#asked.shift()
    if (step === undefined || step === null) return
    this.#answers.set(step, text)
    if (step === 'message' && Number(text.slice(0, 3)) === SENT) this.#asked.unshift('message')
  }
}

interface LogEntry {
  readonly tnx?: string
  readonly resolved?: string
}

const COMMANDS: readonly (readonly [RegExp, MailStep | null])[] = [
  [/^(EHLO|HELO)/i, 'hello'],
  [/^STARTTLS/i, 'tls'],
  [/^MAIL FROM/i, 'sender'],
  [/^RCPT TO/i, 'recipient'],
  [/^DATA/i, 'message'],
  [/^(RSET|QUIT|NOOP)/i, null],
]

/** Everything else belongs to signing in, which takes several lines. */
function stepOfCommand(command: string): MailStep | null {
  const known = COMMANDS.find(([pattern]) => pattern.test(command))
  return known === undefined ? 'auth' : known[1]
}
