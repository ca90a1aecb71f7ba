import { afterEach, describe, expect, it, vi } from 'vitest'
import { hex, kat, katEphemeral } from '../../test/kat.ts'
import { codeOf } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { SendPair, ReceivePair, decodeEnvelope } from '../messages/envelope.ts'
import { decodeControl, encodeControl } from '../messages/control.ts'
import { derivePair, derivePsk, importEphemeral, makeEphemeral, type PairKey } from './pair.ts'
import { rosterDigest } from '../messages/roster-digest.ts'
import { toHex, type Bytes } from '../wire.ts'

const [A, B, C] = [kat.member_A, kat.member_B, kat.member_C]
const idOf = (member: typeof A): MemberId => member.suite1.member_id as MemberId
const NO_PSK: Bytes = new Uint8Array(64)

afterEach(() => vi.unstubAllGlobals())

/** The key of the direction A to B, derived by either side. */
async function katPair(psk: Bytes, side: 'sender' | 'receiver' = 'sender'): Promise<PairKey> {
  const [own, other] = side === 'sender' ? [A, B] : [B, A]
  return derivePair({
    suite: 1,
    from: idOf(A),
    to: idOf(B),
    helloHashFrom: hex(A.suite1.hello_hash),
    helloHashTo: hex(B.suite1.hello_hash),
    ek: await katEphemeral(own),
    peerEk: await importEphemeral(hex(other.ek_pub)),
    psk,
    kem: null,
  })
}

async function katEnvelope(pair: PairKey, plaintext: string): Promise<string> {
  const route = { from: idOf(A), to: idOf(B), epochFrom: 1, epochTo: 1, kemCt: new Uint8Array(0) }
  return toHex(await new SendPair(pair, route).seal(hex(plaintext)))
}

async function pskOf(withSecret: boolean): Promise<Bytes> {
  if (!withSecret) return NO_PSK
  return (await derivePsk(hex(kat.psk.link_secret), kat.psk.mid)).psk
}

describe('K9 the known pair keys', () => {
  it.each(kat.pairs.filter(({ suite }) => suite === 1))(
    'come out of both ends, psk: $psk',
    async (known) => {
      const psk = await pskOf(known.psk)
      for (const side of ['sender', 'receiver'] as const) {
        const pair = await katPair(psk, side)
        expect(toHex(pair.iv)).toBe(known.iv)
        expect(await katEnvelope(pair, known.sender_key_pt)).toBe(known.envelope_seq0)
      }
    },
  )

  it('open the known envelope to the known sender key', async () => {
    const known = kat.pairs[0]!
    const receiver = new ReceivePair(await katPair(NO_PSK, 'receiver'))
    const { plaintext } = await receiver.open(decodeEnvelope(hex(known.envelope_seq0!)))
    expect(toHex(plaintext)).toBe(known.sender_key_pt)
    const message = decodeControl(plaintext)
    expect(message).toMatchObject({
      type: 'sender-key',
      ...{ gen: 3, step: 2, ackWanted: true, hard: false, rosterCount: 2 },
      streams: [
        { idx: 0, kind: 'audio', codec: 'opus' },
        { idx: 1, kind: 'video', codec: 'vp8' },
      ],
    })
    expect(toHex(encodeControl(message))).toBe(known.sender_key_pt)
  })

  it('come out of a second WebCrypto implementation just the same', async () => {
    const { Crypto } = await import('@peculiar/webcrypto')
    vi.stubGlobal('crypto', new Crypto())
    for (const known of kat.pairs.filter(({ suite }) => suite === 1)) {
      const pair = await katPair(await pskOf(known.psk))
      expect(toHex(pair.iv)).toBe(known.iv)
      expect(await katEnvelope(pair, known.sender_key_pt)).toBe(known.envelope_seq0)
    }
  })
})

describe('K9 the known pair key of suite 2', () => {
  const known = kat.pairs.find(({ suite }) => suite === 2)!

  it.each(['sender', 'receiver'] as const)('comes out of the %s’s end', async (side) => {
    const [own, other] = side === 'sender' ? [A, B] : [B, A]
    const { key, iv } = await derivePair({
      suite: 2,
      from: A.suite2.member_id as MemberId,
      to: B.suite2.member_id as MemberId,
      helloHashFrom: hex(A.suite2.hello_hash),
      helloHashTo: hex(B.suite2.hello_hash),
      ek: await katEphemeral(own),
      peerEk: await importEphemeral(hex(other.ek_pub)),
      psk: await pskOf(known.psk),
      kem: { secret: hex(known.kem_ss), ciphertextHash: hex(known.kem_ct_sha256) },
    })
    expect(toHex(iv)).toBe(known.iv)
    // The key itself cannot be read out; what it seals can be compared.
    const knownKey = await crypto.subtle.importKey(
      'raw',
      hex(known.okm44).slice(0, 32),
      'AES-GCM',
      false,
      ['encrypt'],
    )
    const sealed = [key, knownKey].map((with_) =>
      crypto.subtle.encrypt({ name: 'AES-GCM', iv }, with_, hex(known.sender_key_pt)),
    )
    const [ours, theirs] = await Promise.all(sealed)
    expect(new Uint8Array(ours!)).toEqual(new Uint8Array(theirs!))
  })
})

describe('the link secret', () => {
  it('K9 becomes the known psk and psk id', async () => {
    const { psk, pskId } = await derivePsk(hex(kat.psk.link_secret), kat.psk.mid)
    expect(toHex(psk)).toBe(kat.psk.psk)
    expect(toHex(pskId)).toBe(kat.psk.psk_id)
  })

  it('is zero bytes for a link without one', async () => {
    const { psk, pskId } = await derivePsk(null, 'm_1')
    expect(toHex(psk) + toHex(pskId)).toBe('00'.repeat(72))
  })

  it('is refused at any length but 32 bytes', async () => {
    for (const length of [0, 31, 33]) {
      await expect(derivePsk(new Uint8Array(length), 'm_1')).rejects.toMatchObject({
        code: 'E_PSK',
      })
    }
  })
})

describe('a pair key', () => {
  it('differs for a third member, in the other direction and with another psk', async () => {
    const third = await derivePair({
      suite: 1,
      from: idOf(A),
      to: idOf(B),
      helloHashFrom: hex(A.suite1.hello_hash),
      helloHashTo: hex(B.suite1.hello_hash),
      ek: await katEphemeral(C),
      peerEk: await importEphemeral(hex(A.ek_pub)),
      psk: NO_PSK,
      kem: null,
    })
    const back = await derivePair({
      suite: 1,
      from: idOf(B),
      to: idOf(A),
      helloHashFrom: hex(B.suite1.hello_hash),
      helloHashTo: hex(A.suite1.hello_hash),
      ek: await katEphemeral(A),
      peerEk: await importEphemeral(hex(B.ek_pub)),
      psk: NO_PSK,
      kem: null,
    })
    const right = await katPair(NO_PSK)
    const otherPsk = await katPair(await pskOf(true))
    const ivs = [third, back, right, otherPsk].map(({ iv }) => toHex(iv))
    expect(new Set(ivs).size).toBe(4)
    const envelope = decodeEnvelope(hex(kat.pairs[0]!.envelope_seq0!))
    for (const wrong of [third, back, otherPsk]) {
      const opening = new ReceivePair(wrong).open(envelope)
      await expect(opening).rejects.toMatchObject({ code: 'E_ENV_AUTH' })
    }
  })

  it('B4 can never be read out, nor can an ephemeral key', async () => {
    const { key } = await katPair(NO_PSK)
    const { privateKey } = await makeEphemeral()
    expect(key.extractable).toBe(false)
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
  })
})

it('K9 the roster digest is the known one, in whatever order', async () => {
  const known = kat.pairs[0]!.roster_digest
  expect(toHex(await rosterDigest([idOf(A), idOf(B)]))).toBe(known)
  expect(toHex(await rosterDigest([idOf(B), idOf(A)]))).toBe(known)
})

it('H11 H12 an ephemeral key has one spelling only: no compressed and no hybrid point', async () => {
  const { ekPub } = await makeEphemeral()
  const sign = (ekPub[64] ?? 0) & 1
  const spellings = [
    ekPub.with(0, 6 + sign),
    ekPub.with(0, 2 + sign).slice(0, 33),
    ekPub.slice(0, 64),
    new Uint8Array(66).fill(4),
  ]
  for (const spelling of spellings) {
    await expect(importEphemeral(spelling).catch(codeOf)).resolves.toBe('E_LEN')
  }
  await expect(importEphemeral(ekPub)).resolves.toBeInstanceOf(CryptoKey)
})
