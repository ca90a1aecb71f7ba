/**
 * The known-answer tests, for whichever engine runs them: the same file serves Node, a second WebCrypto and the browsers.
 */
import { describe, expect, it } from 'vitest'
import { frameMetadata } from '../src/keys/frame-metadata.ts'
import { decodeKid, encodeKid } from '../src/keys/kid.ts'
import { MemberKeys } from '../src/keys/member-keys.ts'
import type { MemberId } from '../src/protocol.ts'
import { createCipher, type Suite } from '../src/sframe/cipher.ts'
import { decodeHeader, encodeHeader } from '../src/sframe/header.ts'
import { sealCtrHmac, sealSframeCtr } from './ctr-hmac.ts'
import { bytes, e2ee1, hex, type SframeVectors } from './load.ts'

/** RFC 9605 appendix C. Suites 4 and 5 run on the product's cipher, suites 1 to 3 on the test-only one. */
export function rfc9605Tests(engine: string, subtle: SubtleCrypto, vectors: SframeVectors): void {
  const cipher = createCipher(subtle)

  describe(`RFC 9605 vectors in ${engine}`, () => {
    it('F1 every header encodes and decodes as printed', () => {
      for (const { kid, ctr, encoded } of vectors.header) {
        expect(hex(encodeHeader(kid, ctr))).toBe(encoded)
        expect(decodeHeader(bytes(encoded))).toEqual({ kid, ctr, length: encoded.length / 2 })
      }
    })

    it.each(vectors.aes_ctr_hmac)(
      'F1 AES-CTR-HMAC suite $cipher_suite seals as printed',
      async (v) => {
        const keyed = { suite: v.cipher_suite, key: bytes(v.key), nonce: bytes(v.nonce) }
        expect(hex(await sealCtrHmac(keyed, bytes(v.aad), bytes(v.pt)))).toBe(v.ct)
      },
    )

    it.each(vectors.sframe.filter((v) => v.cipher_suite < 4))(
      'F1 suite $cipher_suite seals as printed (test-only cipher)',
      async (v) => {
        const frame = { metadata: bytes(v.metadata), pt: bytes(v.pt) }
        const sealed = await sealSframeCtr(v.cipher_suite, v, bytes(v.base_key), frame)
        expect(hex(sealed)).toBe(v.ct)
      },
    )

    it.each(vectors.sframe.filter((v) => v.cipher_suite >= 4))(
      'F1 suite $cipher_suite seals and opens as printed',
      async (v) => {
        const suite = v.cipher_suite as Suite
        const metadata = bytes(v.metadata)
        const sealing = await cipher.deriveFrameKey(bytes(v.base_key), v.kid, 'encrypt', suite)
        expect(hex(sealing.salt)).toBe(v.sframe_salt)
        const { header, body } = await cipher.seal(sealing, v.ctr, metadata, bytes(v.pt))
        expect(hex(header) + hex(body)).toBe(v.ct)
        const opening = await cipher.deriveFrameKey(bytes(v.base_key), v.kid, 'decrypt', suite)
        expect(hex(await cipher.open(opening, bytes(v.ct), metadata))).toBe(v.pt)
      },
    )
  })
}

export function e2ee1FrameTests(engine: string, subtle: SubtleCrypto): void {
  const cipher = createCipher(subtle)
  const { frame } = e2ee1

  describe(`E2EE1 known answers for frames in ${engine}`, () => {
    it('packs and unpacks every KID', () => {
      for (const { gen, stream, step, kid } of e2ee1.kid) {
        expect(encodeKid(gen, stream, step)).toBe(BigInt(kid))
        expect(decodeKid(BigInt(kid))).toEqual({ gen, stream, step })
      }
    })

    it('ratchets the base key step by step', async () => {
      let baseKey = bytes(e2ee1.ratchet[0] ?? '')
      for (const next of e2ee1.ratchet.slice(1)) {
        baseKey = await cipher.ratchetBaseKey(baseKey)
        expect(hex(baseKey)).toBe(next)
      }
    })

    it('binds a frame with the very metadata of the reference', () => {
      const memberId = bytes(e2ee1.member_A.suite1.member_id)
      const metadata = frameMetadata(memberId, 'video', 'vp8', bytes(frame.clear_prefix))
      expect(hex(metadata)).toBe(frame.metadata)
    })

    it('seals the reference frame to the byte', async () => {
      const key = await cipher.deriveFrameKey(bytes(frame.base_key), BigInt(frame.kid), 'encrypt')
      const { header, body } = await cipher.seal(
        key,
        BigInt(frame.ctr),
        bytes(frame.metadata),
        bytes(frame.plaintext),
      )
      expect(hex(header)).toBe(frame.header)
      expect(frame.clear_prefix + hex(header) + hex(body)).toBe(frame.wire)
    })

    it('opens the reference frame with the keys of its member', async () => {
      const keys = new MemberKeys(e2ee1.member_A.suite1.member_id as MemberId, () => 0, { cipher })
      const streams = [{ idx: frame.stream, kind: 'video', codec: 'vp8' } as const]
      keys.accept({ gen: frame.gen, step: frame.step, baseKey: bytes(frame.base_key), streams })
      const wire = bytes(frame.wire)
      const plaintext = await keys.open(wire.subarray(1), 'video', wire.subarray(0, 1))
      expect(hex(plaintext)).toBe(frame.plaintext)
    })
  })
}
