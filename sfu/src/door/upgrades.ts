/** Which upgrade requests become WebSockets. All others are told a status. */
import type { IncomingMessage } from 'node:http'
import { misdirection } from '@huisclos/tmms/contract/authority'
import { SOCKET_PATH } from '../protocol.ts'

/** 503: there is no place for one more who has proved nothing. */
export type Refusal = 400 | 403 | 404 | 421 | 503

const TARGET = `${SOCKET_PATH}/?`

/** Null for a request that engine.io and ws take; they answer what they refuse without our headers. */
export function refusalOf(request: IncomingMessage, origin: string): Refusal | null {
  const { headers, method, url = '' } = request
  // As it came: a URL parser reads `//x/tcs/`, `/./tcs/` and `https://x/tcs/` as this path, too.
  if (!url.startsWith(TARGET)) return 404
  // Browsers always send Origin with a WebSocket; whoever sends none is no browser of ours.
  if (headers.origin !== origin) return 403
  const misdirected = misdirection(request, origin)
  if (misdirected !== null) return misdirected
  const parameters = new URLSearchParams(url.slice(TARGET.length))
  const handshake =
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    /^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-protocol'] === undefined
  const engine =
    parameters.get('EIO') === '4' &&
    parameters.get('transport') === 'websocket' &&
    !parameters.has('sid')
  return handshake && engine ? null : 400
}
