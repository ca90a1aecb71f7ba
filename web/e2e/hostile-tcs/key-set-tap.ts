/** Lets lies change what `GET /api/keys` answers. */
import { Server, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Wire } from './wire.ts'

type Method = (this: Server, ...message: unknown[]) => unknown

/** To be called before the server starts. */
export function tapKeySet(wire: Wire): void {
  const prototype = Server.prototype as unknown as { emit: Method }
  const { emit } = prototype
  prototype.emit = function (...message) {
    const [event, request, response] = message
    if (event === 'request' && (request as IncomingMessage).url === '/api/keys')
      rewrite(response as ServerResponse, (keySet) => changed(wire, keySet))
    return emit.apply(this, message)
  }
}

function changed({ lies }: Wire, truth: string): string {
  let said = truth
  for (const { keySet } of lies) if (keySet) said = keySet(said)
  return said
}

function rewrite(response: ServerResponse, change: (text: string) => string): void {
  const end = response.end.bind(response) as (body: string) => ServerResponse
  Object.assign(response, {
    end: (body: Buffer | string) => {
      const text = change(body.toString())
      response.setHeader('content-length', Buffer.byteLength(text))
      return end(text)
    },
  })
}
