/** Answers that no page and no interface gives: a status, and the headers that every answer has. */
import type { Duplex } from 'node:stream'

const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  413: 'Content Too Large',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
} as const

export type BareStatus = keyof typeof REASONS

/** What the pages' headers say, for an answer without a body. */
export const BARE_HEADERS = {
  Connection: 'close',
  'Content-Length': '0',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const

/** The last that this connection hears. */
export function answerBare(socket: Duplex, status: BareStatus): void {
  const headers = Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}`)
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${headers.join('\r\n')}\r\n\r\n`)
  // Whoever keeps its own half open is not waited for.
  socket.once('finish', () => socket.destroy())
}
