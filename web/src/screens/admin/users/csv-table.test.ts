import { expect, test } from 'vitest'
import { readTable } from './csv-table.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([
  [
    'semicolons and a byte order mark',
    '\ufeffAdresse;Prénom;Nom\r\nada@x.org;Ada;"Love; lace"\r\n',
  ],
  ['commas', 'Email,First name,Last name\nada@x.org,Ada,"Love; lace"'],
  [
    'tabs and other columns',
    'N°\tE-mail\tPRENOM\tNom de famille\n1\tada@x.org\tAda\tLove; lace\n\n',
  ],
])('a table with %s is read', (_, text) => {
  expect(readTable(utf8(text))).toEqual({
    lines: [{ line: 2, email: 'ada@x.org', firstName: 'Ada', lastName: 'Love; lace' }],
    western: false,
  })
})

test('U3 a file that is not in UTF-8 is read as Windows-1252, and that is said', () => {
  const bytes = Uint8Array.from('Courriel;Prénom\nzoe@x.org;Zoé\n', (sign) => sign.charCodeAt(0))
  expect(readTable(bytes)).toEqual({
    lines: [{ line: 2, email: 'zoe@x.org', firstName: 'Zoé' }],
    western: true,
  })
})

test('lines keep their numbers behind empty ones and quotes over several lines', () => {
  const table = readTable(utf8('email;nom\n\na@x.org;"x\ny"\n;\nb@x.org;z\n'))
  expect(table).toMatchObject({ lines: [{ email: 'a@x.org' }, { line: 6, email: 'b@x.org' }] })
})

test('what is no such table is told with its line', () => {
  expect(readTable(utf8('ada@x.org;Ada\n'))).toEqual({ fault: 'no-header', line: 1 })
  expect(readTable(utf8(''))).toEqual({ fault: 'no-header', line: 1 })
  expect(readTable(utf8('email\n'))).toEqual({ fault: 'no-lines', line: 1 })
  expect(readTable(utf8('email;nom\na@x.org;"x\n'))).toMatchObject({ fault: 'broken' })
  const many = `email\n${'a@x.org\n'.repeat(10_001)}`
  expect(readTable(utf8(many))).toEqual({ fault: 'too-many-lines', line: 10_002 })
})

test('an export of ours is read back', () => {
  const table = readTable(utf8("\ufeffEmail;Role;Language\r\n'-a@x.org;user;fr\r\n"))
  expect(table).toMatchObject({ lines: [{ email: '-a@x.org', role: 'user', language: 'fr' }] })
})
