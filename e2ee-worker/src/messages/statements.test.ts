import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { decodeStatement, encodeStatement, type Presence, type Statement } from './statements.ts'
import { join, u16, u32, u8 } from '../wire.ts'

const presence: Presence = {
  ...{ type: 'presence', scope: 0, rosterDigest: new Uint8Array(32).fill(7), rosterCount: 3 },
  ...{ gen: 4_294_967_295, step: 200 },
  sent: [
    { idx: 0, ctr: 4_294_967_294 },
    { idx: 15, ctr: 0 },
  ],
}
const statements: readonly Statement[] = [
  presence,
  { type: 'leave' },
  { type: 'removal', memberId: 'cd'.repeat(16) as MemberId, jkt: 'A'.repeat(43) },
  { type: 'lock', locked: true, timeMs: 1_767_225_600_000 },
  { type: 'lock', locked: false, timeMs: 0 },
  { type: 'code-commit', sid: new Uint8Array(16).fill(1), commit: new Uint8Array(32).fill(2) },
  { type: 'code-ack', sid: new Uint8Array(16).fill(1), digest: new Uint8Array(32).fill(3) },
  { type: 'code-reveal', sid: new Uint8Array(16).fill(1), r: new Uint8Array(32).fill(4) },
  { type: 'code-result', sid: new Uint8Array(16).fill(1), equal: false },
  { type: 'chat', sealed: new Uint8Array(40).fill(5) },
  {
    type: 'vouch',
    entries: [
      { ...{ stream: 1, gen: 4_294_967_295, step: 200 }, firstCtr: 7, hashes: new Uint8Array(24) },
      { ...{ stream: 15, gen: 0, step: 0 }, firstCtr: 4_294_967_294, hashes: new Uint8Array(8) },
    ],
  },
  { type: 'vouch', entries: [] },
]

function decode(type: number, body: Uint8Array): string {
  try {
    return decodeStatement(type, body).type
  } catch (error) {
    return codeOf(error)
  }
}

describe('a statement', () => {
  it.each(statements.map((statement) => [statement.type, statement] as const))(
    '%s comes back as it was',
    (_type, statement) => {
      const { type, body } = encodeStatement(statement)
      expect(decodeStatement(type, body)).toEqual(statement)
      expect(decode(type, join(body, Uint8Array.of(0)))).toBe('E_TRAILING')
      for (let length = 0; length < body.length; length++) {
        expect(decode(type, body.slice(0, length))).toBe('E_SHORT')
      }
    },
  )

  it('of an unknown type is refused', () => {
    for (const type of [0, 11, 255]) expect(decode(type, new Uint8Array(0))).toBe('E_VERSION')
  })

  it('is refused with a step, stream, scope or answer that cannot be', () => {
    const refused = (changes: object): string => {
      const { type, body } = encodeStatement({ ...presence, ...changes })
      return decode(type, body)
    }
    expect(refused({ step: 201 })).toBe('E_LEN')
    expect(refused({ sent: [{ idx: 16, ctr: 0 }] })).toBe('E_LEN')
    expect(refused({ sent: [...presence.sent, { idx: 0, ctr: 1 }] })).toBe('E_LEN')
    expect(refused({ scope: 2 })).toBe('E_LEN')
    expect(decode(4, Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0))).toBe('E_LEN')
    expect(decode(8, join(new Uint8Array(16), Uint8Array.of(2)))).toBe('E_LEN')
  })

  it('vouches for no frames, too many, or none that could have been sent, neither here nor there', () => {
    const entry = { stream: 1, gen: 0, step: 0, firstCtr: 0, hashes: new Uint8Array(8) }
    const made = (changes: object, count = 1): string => {
      const entries = Array.from({ length: count }, () => ({ ...entry, ...changes }))
      try {
        const { type, body } = encodeStatement({ type: 'vouch', entries })
        return decode(type, body)
      } catch (error) {
        return codeOf(error)
      }
    }
    const sent = (count: number, hashes: number, ctr = 0): string => {
      const fields = [u8(1), u32(0), u16(0), u32(ctr), u16(hashes), new Uint8Array(hashes * 8)]
      return decode(10, join(u8(count), ...Array.from({ length: count }, () => join(...fields))))
    }
    expect(made({}, 16)).toBe('vouch')
    expect(made({}, 17)).toBe('E_LEN')
    expect(made({ hashes: new Uint8Array(0) })).toBe('E_LEN')
    expect(made({ hashes: new Uint8Array(12) })).toBe('E_LEN')
    expect(made({ hashes: new Uint8Array(8 * 200) }, 2)).toBe('vouch')
    expect(made({ hashes: new Uint8Array(8 * 134) }, 3)).toBe('E_LEN')
    expect(made({ stream: 16 })).toBe('E_LEN')
    expect(made({ step: 201 })).toBe('E_LEN')
    expect(sent(2, 200)).toBe('vouch')
    expect([sent(17, 1), sent(3, 134), sent(1, 401), sent(1, 0)]).toEqual(Array(4).fill('E_LEN'))
    expect(sent(1, 2, 4_294_967_294)).toBe('E_LEN')
  })

  it('about a device whose thumbprint is none is not made', () => {
    const removal = { type: 'removal', memberId: 'cd'.repeat(16) as MemberId } as const
    expect(() => encodeStatement({ ...removal, jkt: 'AAAA' })).toThrow('E_LEN')
  })

  it('H16 survives any bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.uint8Array(), (type, body) => {
        expect(decode(type, body)).not.toBe('E_INTERNAL')
      }),
      { numRuns: 3000 },
    )
  })
})
