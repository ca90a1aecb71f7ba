/** Hands mails to an SMTP server (RFC 5321, RFC 6409) over a few connections that are used again. */
import { rootCertificates } from 'node:tls'
import nodemailer from 'nodemailer'
import type { SmtpServer } from '../domain/mail/mail-route.ts'
import { shownAnswer } from '../domain/mail/shown-answer.ts'
import { faultOf, type SmtpFault } from './smtp-fault.ts'
import type { Delivery, Transport } from './transport.ts'

export interface SmtpOptions {
  readonly server: SmtpServer
  /** What this server calls itself in EHLO. */
  readonly name: string
  /** PEM of an authority to trust beside the known ones. */
  readonly ca: string | null
  readonly limits: SmtpLimits
}

/** Milliseconds. */
export interface SmtpLimits {
  readonly connectMs: number
  readonly greetingMs: number
  /** RFC 5321 section 4.5.3.2.6: less would send again what a slow server has taken. */
  readonly silenceMs: number
}

export const SMTP_LIMITS: SmtpLimits = {
  connectMs: 30_000,
  greetingMs: 60_000,
  silenceMs: 600_000,
}

const PARALLEL = 5
const MAILS_PER_CONNECTION = 100

export function openSmtp(options: SmtpOptions): Transport {
  const { server } = options
  const pool = nodemailer.createTransport({
    ...connectionOptions(options),
    pool: true,
    maxConnections: PARALLEL,
    maxMessages: MAILS_PER_CONNECTION,
    // The queue tries again, with its own pauses.
    maxRequeues: 0,
  })
  return {
    parallel: PARALLEL,
    deliver: async (message) => {
      try {
        const { response } = await pool.sendMail(message)
        return { outcome: 'sent', answer: shownAnswer(response, server) }
      } catch (error) {
        return deliveryOf(faultOf(error, server))
      }
    },
    close: () => pool.close({ force: true }),
  }
}

/** As nodemailer wants them. */
export function connectionOptions({ server, name, ca, limits }: SmtpOptions) {
  const { host, port, security, user, password } = server
  return {
    host,
    port,
    name,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    // A server that takes no password is told from one that refuses it.
    forceAuth: true,
    tls: {
      minVersion: 'TLSv1.2' as const,
      ...(ca === null ? {} : { ca: [...rootCertificates, ca] }),
    },
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.greetingMs,
    socketTimeout: limits.silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function deliveryOf({ step, permanent, answer, unsure }: SmtpFault): Delivery {
  const mine = step === 'recipient' || step === 'message'
  if (mine && permanent) return { outcome: 'refused', answer }
  // A server that goes away goes for everybody; one that answers means this mail.
  return { outcome: 'failed', answer, everybody: !mine || permanent === null, unsure }
}
