/** The part of an engine.io connection that the door works with, below socket.io: it is there before any proof. */
import type { Duplex } from 'node:stream'
import { guarded } from '../guarded.ts'

interface Packet {
  readonly data?: string | Uint8Array
}

export interface Connection {
  readonly request: { readonly socket: Duplex & { readonly remoteAddress?: string | undefined } }
  readonly transport: { on(event: 'drain', listener: () => void): unknown }
  on(event: 'packet' | 'packetCreate', listener: (packet: Packet) => void): unknown
  on(event: 'drain' | 'close', listener: () => void): unknown
  write(message: string): unknown
  close(): void
}

/** A client that neither reads nor answers would keep a WebSocket in its closing handshake for half a minute. */
const LAST_WORD_MS = 1_000

/** Ends a connection, with a moment for what was said last. */
export function hangUp(connection: Connection): void {
  const { socket } = connection.request
  connection.close()
  const destroy = guarded(
    () => socket.destroy(),
    () => undefined,
  )
  const late = setTimeout(destroy, LAST_WORD_MS).unref()
  socket.once('close', () => clearTimeout(late))
}
