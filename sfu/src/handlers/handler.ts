/** What a handler is given, and the shape of the table that holds one for every request. */
import type { UnsignedTransport } from '../room/forwarding.ts'
import type { Peer } from '../room/peer.ts'
import type { RelayCredentials, Requests, RequestType } from '../protocol.ts'
import type { Room } from '../room/room.ts'

export interface Context {
  readonly peer: Peer
  readonly room: Room
  readonly mintRelay: () => RelayCredentials
  readonly signTransport: (direction: 'send' | 'recv', transport: UnsignedTransport) => Uint8Array
}

/** @throws {TcsError} with the code that the client is to read. */
export type Handler<T extends RequestType> = (
  context: Context,
  request: Requests[T]['request'],
) => Requests[T]['reply'] | Promise<Requests[T]['reply']>

export type HandlerTable = { readonly [T in RequestType]: Handler<T> }
