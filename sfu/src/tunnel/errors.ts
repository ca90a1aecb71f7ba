/** The one error of the tunnel: why a single connection is ended. */
export type TunnelErrorCode =
  /** Bytes that are neither STUN nor ChannelData, or longer than allowed here. */
  | 'malformed'
  /** Too many requests without valid credentials. */
  | 'refused-too-often'
  /** More messages than anybody needs. */
  | 'flooding'
  /** A client that asks but does not read the answers. */
  | 'not-reading'

export class TunnelError extends Error {
  readonly code: TunnelErrorCode

  constructor(code: TunnelErrorCode, options?: ErrorOptions) {
    super(code, options)
    this.name = 'TunnelError'
    this.code = code
  }
}
