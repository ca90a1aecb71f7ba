/** What lies have at hand: the sockets, the media, and the attacker's own key. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { Events } from '@huisclos/sfu/protocol'
import type { Target } from './commands.ts'
import type { Party } from './parties.ts'
import type { StolenMedia } from './stolen-media.ts'
import type { Told, Wire } from './wire.ts'

export interface Attacker {
  readonly wire: Wire
  readonly media: StolenMedia
  readonly key: AttackerKey
  /** The TMMS's own, for what it could have said before; nobody but the TMMS has it. */
  readonly rootKey: () => KeyObject
}

/** A P-256 key that nobody has certified. */
export class AttackerKey {
  readonly privateKey: KeyObject
  readonly publicJwk: {
    readonly kty: string
    readonly crv: string
    readonly x: string
    readonly y: string
  }

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = privateKey
    this.publicJwk = publicKey.export({ format: 'jwk' }) as AttackerKey['publicJwk']
  }

  /** Uncompressed point. */
  get point(): Buffer {
    const { x, y } = this.publicJwk
    return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  }

  /** ECDSA P-256/SHA-256, raw r||s. */
  sign(message: Buffer): Buffer {
    return sign('sha256', message, { key: this.privateKey, dsaEncoding: 'ieee-p1363' })
  }
}

/** Whether a message to `to` is one for the victim. */
export function meant(to: Party, { mid, victim }: { mid: string; victim?: string }): boolean {
  return to.mid === mid && (victim === undefined || victim === to.name)
}

/** Whether an event tells a victim something by or about somebody. */
export function isAbout({ wire }: Attacker, { to, type, payload }: Told, target: Target): boolean {
  if (!meant(to, target)) return false
  const peerId = subjectOf(wire, type, payload)
  return peerId !== undefined && wire.parties.byId(peerId)?.name === target.about
}

function subjectOf({ parties }: Wire, type: Told['type'], payload: Told['payload']) {
  if (type === 'e2ee-message') return (payload as Events['e2ee-message']).from
  if ('peerId' in payload) return payload.peerId
  if (!('producerId' in payload)) return undefined
  return parties.producers.get(payload.producerId)?.peerId
}
