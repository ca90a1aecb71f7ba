/** The mail server as one address: `smtp://[user:password@]host[:port]` or `smtps://…`. */

export interface SmtpUrl {
  readonly host: string
  readonly port: number
  /** `smtp:` means STARTTLS, except on this machine or with `?tls=off`. */
  readonly security: 'starttls' | 'tls' | 'none'
  /** Empty: without signing in. */
  readonly user: string
  readonly password: string
}

/** @returns why it cannot be taken, without any part of it, when it cannot. */
export function readSmtpUrl(text: string): SmtpUrl | string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    return 'is not the address of a mail server'
  }
  const { hash, pathname, search } = url
  if (hash !== '' || !['', '/'].includes(pathname) || !['', '?tls=off'].includes(search)) {
    return 'holds more than user, password, server, port and "?tls=off"'
  }
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === null || password === null) return 'holds a "%" that must be written "%25"'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.')
  const security = url.protocol === 'smtps:' ? 'tls' : local || search !== '' ? 'none' : 'starttls'
  if (security === 'none' && !local && user !== '') return 'would send a password unencrypted'
  const port = Number(url.port) || (security === 'tls' ? 465 : 587)
  return { host, port, security, user, password }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
