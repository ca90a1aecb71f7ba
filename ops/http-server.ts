/** The HTTP server of the one port: its limits, and what it answers by itself when a request never reaches a route. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { BARE_HEADERS, answerBare, type BareStatus } from '@huisclos/sfu/bare-answer'

const LIMITS = {
  // A request must be whole in time: 60 s are enough for half a megabyte through a line of 64 kbit/s.
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
  // The pages look for it themselves: Node's own refusal lacks their headers.
  requireHostHeader: false,
}

/** What Node's parser says, when it is more than that it cannot read the request. */
const STATUS: Readonly<Record<string, BareStatus>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

/** Does not listen: whoever has the port gives it connections. */
export function openHttpServer(
  pages: RequestListener,
  limits: Partial<typeof LIMITS> = {},
): Server {
  const server = createServer({ ...LIMITS, ...limits }, pages)
  server.on('clientError', answerUnreadable)
  server.on('checkExpectation', refuseExpectation)
  return server
}

function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { code = '' } = error
  // The client is gone, or an answer is under way: another one would be read as a part of it.
  if (!code.startsWith('HPE_') && STATUS[code] === undefined) socket.destroy()
  else if (!socket.writable || isAnswering(socket)) socket.destroy()
  else answerBare(socket, STATUS[code] ?? 400)
}

function isAnswering(socket: Duplex): boolean {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true
}

/** RFC 9110 section 10.1.1: whatever is expected besides `100-continue`. */
function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(417, BARE_HEADERS).end()
}
