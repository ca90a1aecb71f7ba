/** K9 suite 2 in the direction the known answers leave out, computed a second time by node:crypto from the text alone. */
import { createCipheriv, createECDH, createHash, hkdfSync } from 'node:crypto'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { expect, it } from 'vitest'
import { hex, kat, katEphemeral } from '../../test/kat.ts'
import type { MemberId } from '../protocol.ts'
import { ReceivePair, SendPair, decodeEnvelope } from '../messages/envelope.ts'
import { derivePair, derivePsk, importEphemeral, type PairKey } from './pair.ts'
import { toHex, type Bytes } from '../wire.ts'

const [A, B] = [kat.member_A, kat.member_B]
const kemKey = ml_kem768.keygen(hex(A.kem_seed))
/** FIPS 203 lets tests choose what is otherwise random: B encapsulates this to A. */
const chosen = createHash('sha256').update('huisclos suite 2 B to A').digest()
const { cipherText, sharedSecret } = ml_kem768.encapsulate(kemKey.publicKey, chosen)
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

interface SeedCrypto {
  importKey(
    format: 'raw-seed',
    seed: Uint8Array,
    algorithm: { name: 'ML-KEM-768' },
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>
  decapsulateBits(
    algorithm: { name: 'ML-KEM-768' },
    key: CryptoKey,
    ciphertext: Uint8Array,
  ): Promise<ArrayBuffer>
}

async function derived(side: 'sender' | 'receiver', secret: Uint8Array): Promise<PairKey> {
  const [own, other] = side === 'sender' ? [B, A] : [A, B]
  const { psk } = await derivePsk(hex(kat.psk.link_secret), kat.psk.mid)
  return derivePair({
    suite: 2,
    from: B.suite2.member_id as MemberId,
    to: A.suite2.member_id as MemberId,
    helloHashFrom: hex(B.suite2.hello_hash),
    helloHashTo: hex(A.suite2.hello_hash),
    ek: await katEphemeral(own),
    peerEk: await importEphemeral(hex(other.ek_pub)),
    psk,
    kem: { secret: Uint8Array.from(secret), ciphertextHash: Uint8Array.from(sha256(cipherText)) },
  })
}

/** docs/protocol.md, "Pair key A -> B", with nothing of ours. */
function okm(): Buffer {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(B.ek_d, 'hex')
  const info = Buffer.concat([
    Buffer.from('E2EE1 pair\0'),
    Buffer.from([0, 2]),
    ...[B.suite2.member_id, A.suite2.member_id].map((id) => Buffer.from(id, 'hex')),
    ...[B.suite2.hello_hash, A.suite2.hello_hash].map((hash) => Buffer.from(hash, 'hex')),
    sha256(cipherText),
  ])
  const ikm = Buffer.concat([ecdh.computeSecret(A.ek_pub, 'hex'), sharedSecret])
  return Buffer.from(hkdfSync('sha512', ikm, Buffer.from(kat.psk.psk, 'hex'), info, 44))
}

it('both ends derive it, and the first envelope carries the ciphertext', async () => {
  const known = okm()
  const route = {
    ...{ from: B.suite2.member_id as MemberId, to: A.suite2.member_id as MemberId },
    ...{ epochFrom: 1, epochTo: 1, kemCt: Uint8Array.from(cipherText) },
  }
  const plaintext = hex(kat.pairs[0]!.sender_key_pt)
  const sender = await derived('sender', sharedSecret)
  const bytes = await new SendPair(sender, route).seal(plaintext)
  const { header, ciphertext } = decodeEnvelope(bytes)
  const gcm = createCipheriv('aes-256-gcm', known.subarray(0, 32), known.subarray(32))
  gcm.setAAD(header)
  const expected = Buffer.concat([gcm.update(plaintext), gcm.final(), gcm.getAuthTag()])
  expect(toHex(ciphertext)).toBe(expected.toString('hex'))

  const secret = ml_kem768.decapsulate(cipherText, kemKey.secretKey)
  const receiver = new ReceivePair(await derived('receiver', secret))
  const opened = await receiver.open(decodeEnvelope(bytes))
  expect(toHex(opened.plaintext)).toBe(toHex(plaintext))
})

const native = crypto.subtle as unknown as Partial<SeedCrypto>

it.runIf(native.decapsulateBits)('the engine’s own ML-KEM gets the same secret', async () => {
  const subtle = native as SeedCrypto
  const algorithm = { name: 'ML-KEM-768' } as const
  const usages = ['decapsulateBits']
  const key = await subtle.importKey('raw-seed', hex(A.kem_seed), algorithm, false, usages)
  const secret = await subtle.decapsulateBits(algorithm, key, cipherText)
  expect(toHex(new Uint8Array(secret))).toBe(toHex(sharedSecret))
})

it('another ciphertext, one bit away, gives another secret', () => {
  const forged: Bytes = Uint8Array.from(cipherText)
  forged[0] = (forged[0] ?? 0) ^ 1
  const secret = ml_kem768.decapsulate(forged, kemKey.secretKey)
  expect(toHex(secret)).not.toBe(toHex(sharedSecret))
})
