/** The samples of docs/protocol.md are what this package writes and reads. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { decodeControl, encodeControl } from './control.ts'
import { decodeEnvelope } from './envelope.ts'
import { decodeStatement, encodeStatement } from './statements.ts'

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')
const STATEMENTS = [
  ...['PRESENCE', 'LEAVE', 'MOD_REMOVE', 'MOD_LOCK', 'SAS_COMMIT', 'SAS_ACK', 'SAS_REVEAL'],
  ...['SAS_RESULT', 'CHAT', 'VOUCH'],
]

/** The bytes of the row that begins with this name. */
function sample(name: string): Uint8Array {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name}`))
  return Uint8Array.from(Buffer.from(/`([0-9a-f]+)` *\|$/.exec(row ?? '')?.[1] ?? '', 'hex'))
}

it.each(['SENDER_KEY', 'KEY_ACK', 'KEY_REQ', 'BYE', 'ROSTER'])('the sample of %s', (name) => {
  const plaintext = sample(`${name}, plaintext`)
  expect(encodeControl(decodeControl(plaintext))).toEqual(plaintext)
})

it.each(STATEMENTS)('the sample of %s', (name) => {
  const body = sample(`${name}, body`)
  const type = STATEMENTS.indexOf(name) + 1
  expect(encodeStatement(decodeStatement(type, body))).toEqual({ type, body })
})

it('the sample of an envelope', () => {
  expect(decodeEnvelope(sample('ENVELOPE')).ciphertext).toHaveLength(139)
})
