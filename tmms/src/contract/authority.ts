/** Whether a request names this server, and only this one, as what it is for (RFC 9112 sections 3.2 and 3.3). */

/** 400: no Host, several, or none that can be read. 421: the Host, or the target, of another server. */
export type Misdirection = 400 | 421

const HOST = /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]\\,%]+)(?::\d{0,5})?$/i

export interface RequestLine {
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly url?: string | undefined
}

/** @param origin `https://host[:port]` of this server. */
export function misdirection(
  { rawHeaders, url }: RequestLine,
  origin: string,
): Misdirection | null {
  const hosts = rawHeaders.filter((_, at) => at % 2 === 1 && isHost(rawHeaders[at - 1]))
  const [host = ''] = hosts
  if (hosts.length !== 1 || !HOST.test(host) || !URL.canParse(`https://${host}`)) return 400
  if (new URL(`https://${host}`).origin !== origin) return 421
  // RFC 9112 section 3.2.2: what the target says counts, whatever the Host is.
  if (url === undefined || url.startsWith('/') || url === '*') return null
  return URL.canParse(url) && new URL(url).origin === origin ? null : 421
}

function isHost(name: string | undefined): boolean {
  return name?.toLowerCase() === 'host'
}
