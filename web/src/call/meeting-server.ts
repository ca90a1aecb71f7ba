/** What a call asks of the TMMS about its meeting: the one way from a call to it. */

/** The invitation, granted for one connection. */
export interface Grant {
  readonly token: string
  readonly tcsOrigin: string
  /** Milliseconds to the planned end, by the server's clock, when this was granted; negative after it. */
  readonly endsInMs: number
}

/** Signs one HTTP request with the device key (RFC 9449 section 4.2). */
export type ProveDevice = (request: {
  readonly method: string
  readonly url: string
  /** What the server asked for: with it, the clock of this computer does not matter. */
  readonly nonce?: string
}) => Promise<{ readonly proof: string }>

export interface MeetingServer {
  /** `https://host[:port]`, as it stands in tokens and beside the remembered root key. */
  readonly origin: string
  /** @throws an error whose `code` is the TMMS's refusal, `offline` or `unavailable` */
  fetchGrant(prove: ProveDevice): Promise<Grant>
  /** The signed key set, as served. */
  fetchKeySet(): Promise<string>
  /** Has an account that a moderator put out of the meeting given no further token for it. */
  exclude(sub: string): Promise<void>
}
