/** T1 H16 tokens and key sets before any signature is looked at: refused with a code, or in their one spelling. */
import { base64url } from 'jose'
import { expect, it } from 'vitest'
import { FUZZ_TIMEOUT_MS, fuzz } from '../../test/mutate.ts'
import { claimsFor, fakeTmms } from '../../test/tmms.ts'
import { codeOf } from '../errors.ts'
import { decodeJws } from './jws.ts'
import { text } from '../wire.ts'

const MAX_CHARS = 65_536
const spell = (value: unknown): string => base64url.encode(JSON.stringify(value))

it(
  'every token and key set that parses is spelled as it came',
  async () => {
    const tmms = await fakeTmms()
    const jwk = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }
    const short = `${spell({ alg: 'ES256' })}.${spell({ keys: [jwk], n: 1 })}.AAAA`
    const token = await tmms.token({ jkt: 'A'.repeat(43) })
    const decoder = new TextDecoder()
    const result = fuzz([text(short), text(short), text(short), text(token)], (input) => {
      const jws = decoder.decode(input)
      const { header, payload } = decodeJws(jws, MAX_CHARS)
      return text(`${spell(header)}.${spell(payload)}.${jws.split('.')[2] ?? ''}`)
    })
    expect(Math.min(result.accepted, result.refused)).toBeGreaterThan(1000)
  },
  FUZZ_TIMEOUT_MS,
)

it('a part nested as deep as its length allows is refused, or parsed', () => {
  for (const depth of [10, 1000, 10_000, 24_000]) {
    const source = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const jws = `${base64url.encode(source)}.${spell(claimsFor({ jkt: 'A' }))}.AAAA`
    let verdict = 'parsed'
    try {
      decodeJws(jws, MAX_CHARS)
    } catch (error) {
      verdict = codeOf(error)
    }
    expect(['parsed', 'E_TOKEN_FORMAT']).toContain(verdict)
  }
})
