/** Lies about what the servers are: false keys, false proofs, false certificates, and flags that mean nothing. */
import { createHash, randomBytes, sign } from 'node:crypto'
import type { Admission, TransportInfo } from '@huisclos/sfu/protocol'
import type { Attacker, AttackerKey } from './attacker.ts'
import type { Lies } from './commands.ts'
import type { Lie } from './wire.ts'

const DAY_S = 24 * 60 * 60

/** Everything that could tempt a client to send in clear or to talk past the tunnel. */
export function stripFlags(_attacker: Attacker, { mid }: Lies['strip-flags']): Lie {
  const flags = {
    ...{ e2ee: false, encrypted: false, encodedInsertableStreams: false, transform: null },
    additionalSettings: { encodedInsertableStreams: false },
    e2eeSuites: [],
  }
  return {
    admitted: (admission, to) =>
      to.mid === mid ? { ...admission, ...flags, iceTransportPolicy: 'all' } : admission,
    answered: ({ by, type }, reply) => {
      const told = by.mid === mid && (type === 'create-transport' || type === 'consume')
      return told ? { ...(reply as object), ...flags } : reply
    },
  }
}

export function falseIdentity({ key }: Attacker, { mid, how }: Lies['false-identity']): Lie {
  const proofs: Record<typeof how, (truth: Admission['identity']) => unknown> = {
    'no-proof': () => undefined,
    'own-key': () => ({ kid: thumbprint(key), signature: key.sign(randomBytes(64)) }),
    'certified-kid': ({ kid }) => ({ kid, signature: key.sign(randomBytes(64)) }),
  }
  return {
    admitted: (admission, to) => {
      if (to.mid !== mid) return admission
      return { ...admission, identity: proofs[how](admission.identity) as Admission['identity'] }
    },
  }
}

/** The transport of somebody in the middle: all as signed, but for the certificate. */
export function falseFingerprint(_attacker: Attacker, { mid }: Lies['false-fingerprint']): Lie {
  return {
    answered: ({ by, type }, reply) => {
      if (type !== 'create-transport' || by.mid !== mid) return reply
      const info = reply as TransportInfo
      const value = [...randomBytes(32)].map((byte) =>
        byte.toString(16).padStart(2, '0').toUpperCase(),
      )
      const fingerprints = [{ algorithm: 'sha-256', value: value.join(':') }]
      return { ...info, dtlsParameters: { ...info.dtlsParameters, fingerprints } }
    },
  }
}

/**
 * The honest key set, signed by somebody else: with its own root, or pretending to the right one. Or the right one's, as
 * it was three days ago: a recording, made here because no test lasts so long.
 */
export function falseKeys({ key, rootKey }: Attacker, { how }: Lies['false-keys']): Lie {
  return {
    keySet: (truth) => {
      const [header, payload] = truth.split('.', 2).map(decoded)
      if (how === 'own-root') header!['jwk'] = key.publicJwk
      if (how === 'recorded') payload!['iat'] = Number(payload!['iat']) - 3 * DAY_S
      const signed = `${encoded(header!)}.${encoded(payload!)}`
      const signature = sign('sha256', Buffer.from(signed), {
        key: how === 'recorded' ? rootKey() : key.privateKey,
        dsaEncoding: 'ieee-p1363',
      })
      return `${signed}.${signature.toString('base64url')}`
    },
  }
}

type Json = Record<string, unknown>

function decoded(part: string): Json {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Json
}

function encoded(json: Json): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}

/** RFC 7638. */
function thumbprint({ publicJwk: { crv, kty, x, y } }: AttackerKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}
