/** What a handler is given, and the shape of the table that holds one for every request. */
import type { Token } from '../door/token.ts'
import type { RelayCredentials, Requests, RequestType } from '../protocol.ts'
import type { Admissions } from '../room/admissions.ts'
import type { UnsignedTransport } from '../room/forwarding.ts'
import type { Peer } from '../room/peer.ts'

export interface Context {
  readonly peer: Peer
  readonly admissions: Admissions
  readonly now: () => number
  readonly mintRelay: () => RelayCredentials
  /** @throws {TcsError} `refused`. */
  readonly verifyToken: (token: string) => Promise<Token>
  readonly signTransport: (direction: 'send' | 'recv', transport: UnsignedTransport) => Uint8Array
}

/** A reply that is not a promise goes out before any later event. @throws {TcsError} with the code for the client. */
export type Handler<T extends RequestType> = (
  context: Context,
  request: Requests[T]['request'],
) => Requests[T]['reply'] | Promise<Requests[T]['reply']>

export type HandlerTable = { readonly [T in RequestType]: Handler<T> }
