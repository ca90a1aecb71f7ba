/** What both ML-KEM-768 implementations must agree on, for whichever engine runs it. */
import { describe, expect, it } from 'vitest'
import { codeOf } from '../src/errors.ts'
import { checkKemPub, chooseKem, nobleKem, type Kem } from '../src/keys/kem.ts'
import type { Bytes } from '../src/wire.ts'

export async function kemTests(engine: string): Promise<void> {
  const chosen = await chooseKem()
  const both: readonly { name: string; kem: Kem }[] = [
    { name: chosen === nobleKem ? 'chosen (JavaScript)' : 'native', kem: chosen },
    { name: 'JavaScript', kem: nobleKem },
  ]
  const pairs = both.flatMap((sender) => both.map((receiver) => ({ sender, receiver })))

  describe(`ML-KEM-768 in ${engine}`, () => {
    it('is the engine’s own exactly where it has one', () => {
      expect(chosen === nobleKem).toBe(!('encapsulateBits' in crypto.subtle))
    })

    it.each(pairs)(
      'K9 $sender.name to $receiver.name: both ends hold one secret',
      async ({ sender, receiver }) => {
        const key = await receiver.kem.generate()
        checkKemPub(key.kemPub)
        const { secret, ciphertext } = await sender.kem.encapsulate(key.kemPub)
        expect([secret.length, ciphertext.length]).toEqual([32, 1088])
        expect(await key.decapsulate(ciphertext)).toEqual(secret)
        const again = await sender.kem.encapsulate(key.kemPub)
        expect(again.secret).not.toEqual(secret)
      },
    )

    it.each(both)(
      '$name: a forged ciphertext gives some secret, never an error',
      async ({ kem }) => {
        const key = await kem.generate()
        const { secret, ciphertext } = await kem.encapsulate(key.kemPub)
        const secrets = [secret]
        for (const at of [0, 500, 1087]) {
          const forged = ciphertext.slice()
          forged[at] = (forged[at] ?? 0) ^ 1
          secrets.push(await key.decapsulate(forged))
        }
        secrets.push(await key.decapsulate(new Uint8Array(1088)))
        expect(secrets.every(({ length }) => length === 32)).toBe(true)
        expect(new Set(secrets.map(String)).size).toBe(5)
        // Implicit rejection depends on key and ciphertext only: asking twice teaches nothing.
        expect(await key.decapsulate(new Uint8Array(1088))).toEqual(secrets[4])
      },
    )

    it.each(both)('$name: refuses other lengths, and everything once erased', async ({ kem }) => {
      const key = await kem.generate()
      const attempt = async (ciphertext: Bytes): Promise<string> =>
        key.decapsulate(ciphertext).then(() => 'a secret', codeOf)
      for (const length of [0, 1087, 1089]) {
        expect(await attempt(new Uint8Array(length))).toBe('E_LEN')
      }
      key.erase()
      expect(await attempt(new Uint8Array(1088))).toBe('E_STATE')
    })

    it('H11 public keys of another length are refused', async () => {
      const { kemPub } = await chosen.generate()
      for (const length of [0, 1152, 1183]) {
        expect(() => checkKemPub(kemPub.slice(0, length))).toThrow('E_LEN')
      }
      expect(() => checkKemPub(new Uint8Array(1185))).toThrow('E_LEN')
    })

    it('H11 public keys at the modulus are refused, one below it accepted', async () => {
      const { kemPub } = await nobleKem.generate()
      const verdict = (at: number, bytes: readonly number[]): string => {
        const changed = kemPub.slice()
        changed.set(bytes, at)
        try {
          checkKemPub(changed)
          return 'accepted'
        } catch (error) {
          return codeOf(error)
        }
      }
      // The first three bytes hold coefficients 0 and 1, the bytes 1149 to 1151 coefficients 766 and 767.
      expect(verdict(0, [0x00, 0x0d, 0xd0])).toBe('accepted')
      expect(verdict(0, [0x01, 0x0d, 0xd0])).toBe('E_LEN')
      expect(verdict(1149, [0x00, 0x0d, 0xd0])).toBe('accepted')
      expect(verdict(1149, [0x00, 0x1d, 0xd0])).toBe('E_LEN')
      expect(verdict(1152, [0xff, 0xff, 0xff])).toBe('accepted')
    })
  })
}
