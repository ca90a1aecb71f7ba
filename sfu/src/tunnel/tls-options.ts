/** How the one port speaks TLS: versions, cipher suites, ALPN. */
import { constants } from 'node:crypto'
import type { TlsOptions } from 'node:tls'

export interface TunnelTls {
  readonly cert: string | Buffer
  readonly key: string | Buffer
}

const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
]

export function tlsOptions(tls: TunnelTls): TlsOptions {
  return {
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2',
    ciphers: ciphers.join(':'),
    // A client that puts ChaCha20 first has no AES hardware: a phone that would heat up.
    secureOptions:
      constants.SSL_OP_NO_RENEGOTIATION |
      constants.SSL_OP_CIPHER_SERVER_PREFERENCE |
      constants.SSL_OP_PRIORITIZE_CHACHA,
    // Undefined makes OpenSSL answer no_application_protocol, as RFC 7301 wants it: we speak no HTTP/2.
    ALPNCallback: ({ protocols }) =>
      protocols.find((protocol) => protocol === 'http/1.1' || protocol === 'stun.turn'),
  }
}
