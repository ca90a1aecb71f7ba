/** Lies about what the servers are: false keys, false proofs, false certificates, and flags that mean nothing. */
import { createHash, randomBytes, sign } from 'node:crypto'
import type { Admission, TransportInfo } from '@huisclos/sfu/protocol'
import type { Attacker, AttackerKey } from './attacker.ts'
import type { Lies } from './commands.ts'
import type { Lie } from './wire.ts'

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

/** The honest key set, signed by somebody else: with its own root, or pretending to the right one. */
export function falseKeys({ key }: Attacker, { how }: Lies['false-keys']): Lie {
  return {
    keySet: (truth) => {
      const [head = '', payload = ''] = truth.split('.')
      const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<
        string,
        unknown
      >
      if (how === 'own-root') header['jwk'] = key.publicJwk
      const signed = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`
      const signature = sign('sha256', Buffer.from(signed), {
        key: key.privateKey,
        dsaEncoding: 'ieee-p1363',
      })
      return `${signed}.${signature.toString('base64url')}`
    },
  }
}

/** RFC 7638. */
function thumbprint({ publicJwk: { crv, kty, x, y } }: AttackerKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}
