import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { decodeStatement, encodeStatement, type Presence, type Statement } from './statements.ts'
import { join } from './wire.ts'

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
    for (const type of [0, 5, 255]) expect(decode(type, new Uint8Array(0))).toBe('E_VERSION')
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
  })

  it('about a device whose thumbprint is none is not made', () => {
    const removal = { type: 'removal', memberId: 'cd'.repeat(16) as MemberId } as const
    expect(() => encodeStatement({ ...removal, jkt: 'AAAA' })).toThrow('E_LEN')
  })

  it('H16 survives any bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.uint8Array(), (type, body) => {
        expect(decode(type, body)).not.toBe('E_INTERNAL')
      }),
      { numRuns: 3000 },
    )
  })
})
