/** What went wrong with an SMTP server, at which step, in its own words or in ours. */
import type { MailStep } from '../contract/mail.ts'
import type { SmtpServer } from '../domain/mail/mail-route.ts'
import { shownAnswer } from '../domain/mail/shown-answer.ts'

export interface SmtpFault {
  readonly step: Exclude<MailStep, 'outbox'>
  /** Whether the server said that another try is useless (5yz); null when it said nothing. */
  readonly permanent: boolean | null
  /** The connection ended, or nothing came, where the mail may have been taken. */
  readonly unsure: boolean
  /** As it may be shown. */
  readonly answer: string
}

interface NodemailerError {
  readonly message?: string
  readonly code?: string
  readonly originalCode?: string
  readonly timeoutType?: string
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
}

/** Codes of OpenSSL and Node for a certificate that is not to be trusted. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ALTNAME/
/** Addresses that the server would not even be asked about, and mails larger than it says it takes. */
const OWN_REFUSALS = new Set(['EENVELOPE', 'EMESSAGE'])
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'])
const NOT_GREETED = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT'])
const CLOSING = 421

export function faultOf(error: unknown, server: SmtpServer): SmtpFault {
  const fault = rawFaultOf(error, server)
  return { ...fault, answer: shownAnswer(fault.answer, server) }
}

function rawFaultOf(error: unknown, server: SmtpServer): SmtpFault {
  const { code = '', response, responseCode, message = '' } = error as NodemailerError
  const step = stepOf(error as NodemailerError)
  if (response === undefined) {
    const own = OWN_REFUSALS.has(code)
    return {
      step: own ? 'recipient' : step,
      permanent: own ? true : null,
      unsure: !own && mayBeTaken(step, error as NodemailerError),
      answer: own ? message : inWords(error as NodemailerError, server),
    }
  }
  const permanent = responseCode === CLOSING ? null : (responseCode ?? 0) >= 500
  return { step, permanent, unsure: false, answer: response }
}

/** Once it is connected, nodemailer does not say how far it came. */
function mayBeTaken(
  step: SmtpFault['step'],
  { originalCode, timeoutType }: NodemailerError,
): boolean {
  const before = NOT_CONNECTED.has(originalCode ?? '') || NOT_GREETED.has(timeoutType ?? '')
  return (step === 'connect' && !before) || step === 'message'
}

function stepOf(error: NodemailerError): SmtpFault['step'] {
  const { code = '', command = '' } = error
  const encrypting = command === 'STARTTLS' || code === 'ETLS'
  if (encrypting || isCertificate(error) || isUnencrypted(error)) return 'tls'
  if (command.startsWith('AUTH') || code === 'EAUTH' || code === 'ENOAUTH') return 'auth'
  if (code === 'EDNS') return 'dns'
  switch (command) {
    case 'MAIL FROM':
      // RFC 1870 section 6.1: a mail that is too large is refused here, and others may not be.
      return error.responseCode === 552 ? 'message' : 'sender'
    case 'RCPT TO':
      return 'recipient'
    case 'DATA':
      return 'message'
    case 'EHLO':
    case 'HELO':
      return 'hello'
    default:
      return 'connect'
  }
}

function isCertificate({ originalCode = '', message = '' }: NodemailerError): boolean {
  return CERTIFICATE.test(originalCode) || /certificate|altnames/i.test(message)
}

/** The server spoke first, and in clear, where TLS was to begin. */
function isUnencrypted({ originalCode = '', message = '' }: NodemailerError): boolean {
  return /wrong version number|packet length too long|ERR_SSL/i.test(`${message} ${originalCode}`)
}

function inWords(error: NodemailerError, { host, port, security }: SmtpServer): string {
  const { code = '', originalCode, message = '' } = error
  const place = `${host}:${port}`
  if (code === 'EDNS') return `The name ${host} was not found.`
  if (/^Missing credentials/.test(message)) return `The password for ${place} is not set.`
  if (code === 'EAUTH') return `${place} does not take this user name and password: ${message}.`
  if (isCertificate(error)) return `The certificate of ${place} is not trusted: ${message}.`
  if (isUnencrypted(error)) {
    return `${place} does not speak TLS from the start: choose STARTTLS, or another port.`
  }
  if (originalCode === 'ECONNREFUSED') return `${place} refuses connections.`
  if (code === 'ETIMEDOUT') return `${place} did not answer in time.`
  if (code === 'ETLS') return `${place} ended the connection instead of encrypting it.`
  if (security !== 'tls' && port === 465) {
    return `${place} ended the connection: port 465 wants TLS from the start.`
  }
  if (code === 'ECONNECTION') return `${place} ended the connection.`
  return `${place} cannot be reached: ${originalCode ?? message}.`
}
