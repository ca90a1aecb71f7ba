import { expect, test } from 'vitest'
import { readTable } from './csv-table.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const wide = (text: string, little: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), little)
  return new Uint8Array(view.buffer)
}

test.each([
  ['a byte order mark', '\ufeffAdresse;Prénom;Nom\r\nada@x.org;Ada;"Love; lace"\r\n'],
  ['commas', 'Email,First name,Last name\nada@x.org,Ada,"Love; lace"'],
  ['tabs', 'N°\tE-mail\tPRENOM\tNom de famille\n1\tada@x.org\tAda\tLove; lace\n\n'],
  ['lines of an old Mac', 'Email;Prénom;Nom\rada@x.org;Ada;"Love; lace"\r'],
  ['bars', 'Email|Prénom|Nom\nada@x.org|Ada|Love; lace\n'],
  ['German heads', 'Nachname;Vorname;E-Mail-Adresse\n"Love; lace";Ada;ada@x.org\n'],
  [
    'a postal address',
    'Nom;Adresse;Courriel;Prénom\n"Love; lace";12 rue des Lilas;ada@x.org;Ada\n',
  ],
  ['an empty E-mail', 'Email;Adresse;Nom;Prénom\n;ada@x.org;"Love; lace";Ada\n'],
  [
    'the address of somebody else',
    'Email du responsable,Email,Prénom,Nom\nboss@x.org,ada@x.org,Ada,Love; lace',
  ],
  [
    'heads of Google',
    'First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value\nAda,Love; lace,* Work,ada@x.org,other@x.org\n',
  ],
  [
    'heads of Outlook',
    '"First Name","Last Name","E-mail Address","E-mail 2 Address"\n"Ada","Love; lace","ada@x.org",""\n',
  ],
  ['another head above addresses', 'Given Name,Family Name,Contact\nAda,Love; lace,ada@x.org\n'],
  ['a space that does not break', 'Email\u00a0;Prénom\u00a0;Nom\nada@x.org;Ada;"Love; lace"\n'],
])('U3 a table with %s is read', (_, text) => {
  for (const bytes of [utf8(text), wide(`\ufeff${text}`, true), wide(`\ufeff${text}`, false)]) {
    expect(readTable(bytes)).toEqual({
      lines: [{ line: 2, email: 'ada@x.org', firstName: 'Ada', lastName: 'Love; lace' }],
      western: false,
    })
  }
})

test.each([
  ['which sign parts the cells', '\ufeffsep=;\r\nEmail;Nom\r\nada@x.org;"a,b,c,d"\r\n'],
  ['the same in quotes', '"sep=,"\nEmail,Nom\nada@x.org,"a,b,c,d"\n'],
  ['a title', 'Liste, du 3 mars, des e-mails\r\nEmail;Nom\r\nada@x.org;"a,b,c,d"\r\n'],
  ['a title with more commas', 'Agents, e-mails, du 3, mars\nEmail;Nom\nada@x.org;"a,b,c,d"\n'],
  ['a title in cells', 'Liste des agents;;\nEmail;Nom;\nada@x.org;"a,b,c,d";\n'],
  ['whom to ask', 'Questions: rh@x.org;\nEmail;Nom\nada@x.org;"a,b,c,d"\n'],
])('U3 above the heads may stand %s', (_, text) => {
  expect(readTable(utf8(text))).toEqual({
    lines: [{ line: 3, email: 'ada@x.org', lastName: 'a,b,c,d' }],
    western: false,
  })
})

test('U3 cells are parted by what makes most of the heads', () => {
  const text = 'Agents, 3 mars, e-mails\nE-mail pro;Poste\nada@x.org;chef, adjointe, etc.\n'
  expect(readTable(utf8(text))).toMatchObject({ lines: [{ line: 3, email: 'ada@x.org' }] })
})

test('U3 a file that is not in Unicode is read as Windows-1252, and that is said', () => {
  const bytes = Uint8Array.from('Courriel;Prénom\nzoe@x.org;Zoé\n', (sign) => sign.charCodeAt(0))
  expect(readTable(bytes)).toEqual({
    lines: [{ line: 2, email: 'zoe@x.org', firstName: 'Zoé' }],
    western: true,
  })
})

test.each(['\n', '\r\n', '\r'])(
  'U3 with %j a record has the number of the line it begins on',
  (end) => {
    const lines = ['email;nom', '', 'a@x.org;"x', '', 'y"', ';', 'b@x.org;z', 'c@x.org;"1', '2"']
    const table = readTable(utf8(lines.join(end)))
    expect(table).toMatchObject({ lines: [{ line: 3 }, { line: 7 }, { line: 8 }] })
  },
)

test.each(['\n', '\r\n'])('U3 with %j the line with the stray quotation mark is named', (end) => {
  const broken = (...lines: string[]) => readTable(utf8(lines.join(end)))
  const unclosed = broken('email;nom', '', 'a@x.org;"x', 'b@x.org;y', 'c@x.org;z', '')
  expect(unclosed).toEqual({ fault: 'broken', line: 3 })
  expect(broken('email;nom', 'a@x.org;y', 'b@x.org;O"B', 'c@x.org;z')).toEqual({
    ...{ fault: 'broken', line: 3 },
  })
})

test('U3 what is no such table is told with its line', () => {
  expect(readTable(utf8('ada@x.org;Ada\n'))).toEqual({ fault: 'no-header', line: 1 })
  expect(readTable(utf8('Nom;Adresse\nB;12 rue X\n'))).toEqual({ fault: 'no-header', line: 1 })
  expect(readTable(utf8('email\n'))).toEqual({ fault: 'no-lines', line: 1 })
  const many = `email\n${'a@x.org\n'.repeat(10_001)}`
  expect(readTable(utf8(many))).toEqual({ fault: 'too-many-lines', line: 10_002 })
})

test('U3 an empty file and one that is no text are told apart', () => {
  expect(readTable(utf8(''))).toEqual({ fault: 'empty', line: 1 })
  expect(readTable(utf8('\ufeff\r\n \r\n'))).toEqual({ fault: 'empty', line: 1 })
  for (const head of [
    [0x50, 0x4b, 3, 4],
    [0xd0, 0xcf, 0x11, 0xe0],
  ]) {
    expect(readTable(Uint8Array.from([...head, 20, 0, 6, 0, 8, 0, 0, 0, 0x80]))).toMatchObject({
      fault: 'not-text',
    })
  }
})

test.each([',', ';'])('U3 an export of ours with %s is read back', (separator) => {
  const rows = [
    ['"Email"', '"First name"', '"Last name"', '"Role"', '"Language"'],
    [`"'-a@x.org"`, `"'=1+1"`, `"b,'=1;'@2"`, '"user"', '"fr"'],
  ]
  const text = rows.map((row) => row.join(separator)).join('\r\n')
  expect(readTable(utf8(`\ufeff${text}\r\n`))).toMatchObject({
    lines: [{ email: '-a@x.org', firstName: '=1+1', lastName: 'b,=1;@2', role: 'user' }],
  })
})
