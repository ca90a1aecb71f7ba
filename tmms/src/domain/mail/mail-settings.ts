/** What a mail server and a sender may be. */
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { NAME_MAX_CHARACTERS } from '../../contract/limits.ts'
import type { MailSettings } from '../../contract/settings.ts'
import { TmmsError } from '../../errors.ts'
import { cleanLine } from '../accounts/clean-line.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { checkAll } from '../check-all.ts'

const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/
const USER_MAX_CHARACTERS = 254

/** @throws {TmmsError} naming every field that is wrong. */
export function checkMailSettings(value: MailSettings): MailSettings {
  const checked = checkAll({
    host: () => checkHost(value.host),
    user: () => checkUser(value.user),
    senderName: () => checkSenderName(value.senderName),
    senderAddress: () => optionalEmail(value.senderAddress, 'senderAddress'),
    replyTo: () => optionalEmail(value.replyTo, 'replyTo'),
  })
  const settings = { ...value, ...checked }
  const clear = settings.security === 'none' && settings.user !== ''
  if (!clear || isLoopback(settings.host)) return settings
  throw bad('security', 'A password would travel unencrypted: choose STARTTLS or TLS.')
}

/** Of this machine: what goes there passes through no network. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function checkHost(text: string): string {
  const host = text.trim().replace(/^\[|\]$/g, '')
  if (host === '' || isIP(host) !== 0) return host
  const ascii = /[%/?#:@\\\s]/.test(host) ? '' : domainToASCII(host)
  if (HOST_NAME.test(ascii)) return ascii
  throw bad('host', 'The server is a name such as smtp.example.org, without a port.')
}

function checkUser(text: string): string {
  const user = text.trim()
  if (user.length <= USER_MAX_CHARACTERS && !/\p{C}/u.test(user)) return user
  throw bad('user', `The user name has at most ${USER_MAX_CHARACTERS} characters.`)
}

function checkSenderName(text: string): string {
  const name = cleanLine(text)
  if (name.length <= NAME_MAX_CHARACTERS) return name || 'Huisclos'
  throw bad('senderName', `The sender's name has at most ${NAME_MAX_CHARACTERS} characters.`)
}

function optionalEmail(text: string, field: string): string {
  return text.trim() === '' ? '' : normaliseEmail(text, field)
}

function bad(field: string, message: string): TmmsError {
  return new TmmsError('bad-request', message, { field })
}
