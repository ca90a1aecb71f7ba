import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { newIdentity } from '../../test/network.ts'
import { codeOf } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { decodeBroadcast, signBroadcast, verifyBroadcast } from './broadcast.ts'
import type { Identity } from '../trust/identity.ts'
import { join, type Bytes } from '../wire.ts'

const from = 'ab'.repeat(16) as MemberId
const message = { from, seq: 7, type: 3, body: Uint8Array.of(1, 2, 3) }
let identity: Identity
let signed: Bytes

beforeAll(async () => {
  identity = await newIdentity()
  signed = await signBroadcast(message, 's_1', identity)
})

async function take(bytes: Uint8Array, msid = 's_1', signer = identity): Promise<string> {
  try {
    await verifyBroadcast(decodeBroadcast(bytes), msid, signer.ikPub)
    return 'taken'
  } catch (error) {
    return codeOf(error)
  }
}

describe('a signed broadcast', () => {
  it('is laid out as the protocol says', async () => {
    const fields = [3, 1, ...Array<number>(16).fill(0xab), 0, 0, 0, 0, 0, 0, 0, 7, 3, 0, 3, 1, 2, 3]
    expect([...signed.slice(0, -64)]).toEqual(fields)
    expect(decodeBroadcast(signed)).toMatchObject(message)
    expect(await take(signed)).toBe('taken')
  })

  it('H3 says nothing in another session, and nothing for another device', async () => {
    expect(await take(signed, 's_2')).toBe('E_ENV_AUTH')
    expect(await take(signed, 's_1', await newIdentity())).toBe('E_ENV_AUTH')
  })

  it('is refused when any bit differs', async () => {
    for (let at = 0; at < signed.length; at++) {
      const spoiled = signed.slice()
      spoiled[at] = (spoiled[at] ?? 0) ^ (1 << (at % 8))
      expect(await take(spoiled)).toMatch(/^E_(VERSION|LEN|SHORT|TRAILING|ENV_AUTH)$/)
    }
  })

  it('is refused when cut, lengthened, of another version, or too long', async () => {
    for (let length = 0; length < signed.length; length++) {
      expect(await take(signed.slice(0, length))).toBe('E_SHORT')
    }
    expect(await take(join(signed, Uint8Array.of(0)))).toBe('E_TRAILING')
    expect(await take(Uint8Array.of(3, 2, ...signed.slice(2)))).toBe('E_VERSION')
    expect(await take(new Uint8Array(16_385))).toBe('E_LEN')
  })

  it('H16 survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        expect(await take(join(Uint8Array.of(3, 1), body))).toMatch(/^E_(?!INTERNAL)/)
      }),
      { numRuns: 2000 },
    )
  })
})
