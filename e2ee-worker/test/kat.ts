/** Reads the known answers of E2EE1, and makes keys from their private numbers. */
import { readFileSync } from 'node:fs'
import { base64url } from 'jose'
import { identityOf, type Identity } from '../src/trust/identity.ts'
import { fromHex, type Bytes } from '../src/wire.ts'

interface KatMember {
  readonly ik_d: string
  readonly ik_pub: string
  readonly jkt: string
  readonly ek_d: string
  readonly ek_pub: string
  readonly kem_seed: string
  readonly token: string
  readonly suite1: {
    readonly hello: string
    readonly hello_hash: string
    readonly member_id: string
  }
  readonly suite2: { readonly hello_hash: string; readonly member_id: string }
}

interface KatPair {
  readonly suite: number
  readonly psk: boolean
  readonly kem_ss: string
  readonly kem_ct_sha256: string
  readonly okm44: string
  readonly iv: string
  readonly roster_digest: string
  readonly sender_key_pt: string
  readonly envelope_seq0?: string
}

interface Kat {
  readonly member_A: KatMember
  readonly member_B: KatMember
  readonly member_C: KatMember
  readonly tmms: { readonly pub: string; readonly jkt_pin: string }
  readonly psk: {
    readonly link_secret: string
    readonly mid: string
    readonly psk: string
    readonly psk_id: string
  }
  readonly pairs: readonly KatPair[]
  readonly sas: { readonly transcript: string; readonly code: string }
}

const file = new URL('../vectors/e2ee1-kat.json', import.meta.url)
export const kat = JSON.parse(readFileSync(file, 'utf8')) as Kat

/** Known answers of our own making; each part is described in the file. */
interface HuisclosKat {
  readonly safety_number: {
    readonly ik_a: string
    readonly sub_a: string
    readonly ik_b: string
    readonly sub_b: string
    readonly hash_a: string
    readonly hash_b: string
    readonly digits: string
    readonly qr: string
  }
  readonly roster: { readonly member_ids: readonly string[]; readonly digest: string }
  readonly meeting_code: {
    readonly sid: string
    readonly roster_digest: string
    readonly members: readonly {
      readonly member_id: string
      readonly ik_pub: string
      readonly sub: string
      readonly r: string
      readonly commit: string
    }[]
    readonly ack_digest: string
    readonly transcript: string
    readonly code: string
  }
  readonly chat: {
    readonly member_id: string
    readonly base_key: string
    readonly gen: number
    readonly step: number
    readonly ctr: number
    readonly time_ms: number
    readonly text: string
    readonly plaintext: string
    readonly metadata: string
    readonly sealed: string
  }
}

const ownFile = new URL('../vectors/huisclos-kat.json', import.meta.url)
export const huisclosKat = JSON.parse(readFileSync(ownFile, 'utf8')) as HuisclosKat

export function hex(value: string): Bytes {
  return fromHex(value, value.length / 2)
}

export async function katIdentity(member: KatMember): Promise<Identity> {
  const privateKey = await importPrivate('ECDSA', member.ik_d, member.ik_pub, ['sign'])
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const publicKey = await crypto.subtle.importKey('raw', hex(member.ik_pub), algorithm, true, [
    'verify',
  ])
  return identityOf({ privateKey, publicKey })
}

export function katEphemeral(member: KatMember): Promise<CryptoKey> {
  return importPrivate('ECDH', member.ek_d, member.ek_pub, ['deriveBits'])
}

function importPrivate(
  name: 'ECDH' | 'ECDSA',
  d: string,
  point: string,
  usages: KeyUsage[],
): Promise<CryptoKey> {
  const [x, y] = [hex(point).slice(1, 33), hex(point).slice(33)]
  const coordinates = { x: base64url.encode(x), y: base64url.encode(y) }
  const jwk = { kty: 'EC', crv: 'P-256', d: base64url.encode(hex(d)), ...coordinates }
  return crypto.subtle.importKey('jwk', jwk, { name, namedCurve: 'P-256' }, false, usages)
}
