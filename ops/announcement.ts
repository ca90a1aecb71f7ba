/** Where a running server is found: what its first lines say, and the address of its relay. */

/** Lines of their own, whatever the log says around them. @param links whether secrets may be printed */
export function announcement(origin: string, setupLink: string | null, links: boolean): string {
  const lines = [`Huisclos is ready: ${origin}/`]
  const hidden = 'start once with HC_PRINT_LINKS=1 to see the link (it is a secret).'
  if (setupLink !== null) lines.push(`First administrator: ${links ? setupLink : hidden}`)
  return ['', ...lines, ''].join('\n')
}

/** Port 443 is written out: a TURN URI without a port means 5349 (RFC 7065 section 3.1). */
export function relayUrl(origin: string): string {
  const url = new URL(origin)
  return `turns:${url.hostname}:${url.port === '' ? '443' : url.port}?transport=tcp`
}
