/** Which upgrade requests become WebSockets. All others are answered here, as safely as every other answer. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { SOCKET_PATH } from '../protocol.ts'

/** 503: there is no place for one more who has proved nothing. */
export type Refusal = 400 | 403 | 404 | 503

const REASONS: Record<Refusal, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
}

// What the pages' headers say, for an answer without a body.
const HEADERS = [
  'Connection: close',
  'Content-Length: 0',
  'Cache-Control: no-store',
  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy: same-origin',
  'Cross-Origin-Resource-Policy: same-origin',
  'Referrer-Policy: no-referrer',
  'Strict-Transport-Security: max-age=63072000',
  'X-Content-Type-Options: nosniff',
  'X-Frame-Options: DENY',
]

/** Null for a request that engine.io and ws take; they answer what they refuse without our headers. */
export function refusalOf(request: IncomingMessage, origin: string): Refusal | null {
  const { headers, method, url = '' } = request
  if (!URL.canParse(url, origin)) return 400
  const { pathname, searchParams } = new URL(url, origin)
  if (pathname !== SOCKET_PATH && pathname !== `${SOCKET_PATH}/`) return 404
  // Browsers always send Origin with a WebSocket; whoever sends none is no browser of ours.
  if (headers.origin !== origin) return 403
  const handshake =
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    /^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-protocol'] === undefined
  const engine =
    searchParams.get('EIO') === '4' &&
    searchParams.get('transport') === 'websocket' &&
    !searchParams.has('sid')
  return handshake && engine ? null : 400
}

export function refuse(socket: Duplex, status: Refusal): void {
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${HEADERS.join('\r\n')}\r\n\r\n`)
  // Whoever keeps its own half open is not waited for.
  socket.once('finish', () => socket.destroy())
}
