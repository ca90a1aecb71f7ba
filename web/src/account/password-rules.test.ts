/** The rules for a new password, counted on the form that is hashed. */
import { expect, test } from 'vitest'
import { checkPassword, strengthOf } from './password-rules.ts'

test('twelve characters, twice the same, are accepted', () => {
  expect(checkPassword('twelve chars', 'twelve chars')).toBeNull()
})

test('characters are counted, not bytes or UTF-16 units', () => {
  expect(checkPassword('🔑'.repeat(11), '🔑'.repeat(11))?.code).toBe('password-too-short')
  expect(checkPassword('🔑'.repeat(12), '🔑'.repeat(12))).toBeNull()
})

test('A6 composed and decomposed spellings are the same password', () => {
  expect(checkPassword('re\u0301sume\u0301 long mot', 'r\u00e9sum\u00e9 long mot')).toBeNull()
})

test('more than 1024 bytes are refused', () => {
  expect(checkPassword('a'.repeat(1024), 'a'.repeat(1024))).toBeNull()
  expect(checkPassword('a'.repeat(1025), 'a'.repeat(1025))?.code).toBe('password-too-long')
  expect(checkPassword('é'.repeat(513), 'é'.repeat(513))?.code).toBe('password-too-long')
})

test('the failure names the field to correct', () => {
  expect(checkPassword('', '')).toMatchObject({ code: 'missing', field: 'password' })
  expect(checkPassword('twelve chars', 'twelve char')).toMatchObject({
    code: 'passwords-differ',
    field: 'confirmation',
  })
})

test('length without variety is not called strong', () => {
  expect(strengthOf('a'.repeat(40))).toBe('fair')
  expect(strengthOf('correct horse battery')).toBe('good')
  expect(strengthOf('short')).toBe('too-short')
})
