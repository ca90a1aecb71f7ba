/** The rules for a new password, counted on the form that is hashed. */
import { expect, it, test } from 'vitest'
import { checkPassword, judgePassword } from './password-rules.ts'

const ADA = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada.king@bletchley.example' }
const RULES = { minCharacters: 12, words: [] }
const DEMANDS = { owner: ADA, rules: RULES }
const LONG = 'tournesol vélo grenier '

async function codes(password: string, confirmation = password): Promise<readonly string[]> {
  return (await checkPassword(password, confirmation, DEMANDS)).map(({ code }) => code)
}

test('words that do not belong together are accepted', async () => {
  expect(await codes('correct horse battery staple')).toEqual([])
  expect(await codes('vert lampe plume 42')).toEqual([])
  expect(await codes('4fXq9!kLm2pZ')).toEqual([])
  expect(await codes('lampe 83920174')).toEqual([])
})

test('characters are counted, not bytes or UTF-16 units', async () => {
  const keys = '🔑🗝️🔒🪙🎹🎺🪕🎻🥁🪘'
  expect(Array.from(keys)).toHaveLength(11)
  expect(await codes(keys)).toEqual(['password-too-short'])
  expect(await codes(`${keys}🎷`)).toEqual([])
})

test('A6 composed and decomposed spellings are the same password', async () => {
  expect(await codes('re\u0301sume\u0301 long mot', 'r\u00e9sum\u00e9 long mot')).toEqual([])
})

test('more than 1024 bytes are refused', async () => {
  expect(await codes(LONG.repeat(40))).toEqual([])
  expect(await codes(LONG.repeat(45))).toEqual(['password-too-long'])
})

test('every failure names the field to correct', async () => {
  expect(await checkPassword('', '', DEMANDS)).toMatchObject([
    { code: 'missing', field: 'password' },
  ])
  expect(await checkPassword('short', 'shor', DEMANDS)).toMatchObject([
    { code: 'password-too-short', field: 'password' },
    { code: 'passwords-differ', field: 'confirmation' },
  ])
})

it.each([
  'passwordpassword',
  'Password1234!',
  'motdepasse1234',
  'motdepasse2026!',
  'azertyuiop123',
  'azertyuiopqsdfgh',
  'qwertyuiop123',
  'soleil123456',
  'aaaaaaaaaaaa',
  '123456789012',
  'administrator1',
  'neversaymypassword1',
  '30secondstomars',
  'Bienvenue2026!',
  'Ministere2026!',
  '1PASSword!2024',
  'Winter2026!!!!',
  'B0nj0ur-2026!',
  '!!M1n1st3re2026',
])('%s is one of the first that attackers try', async (password) => {
  expect(await codes(password)).toEqual(['password-common'])
})

it.each([
  'Ada Lovelace 1815',
  'lovelace.ada!',
  'Huisclos2026!',
  'ada.king2026',
  'Bletchley-King',
  'L0ve1ace 1815',
])('%s is made of what others know of its owner', async (password) => {
  expect(await codes(password)).toEqual(['password-personal'])
})

test('a name inside of something longer is no reason to refuse it', async () => {
  expect(await codes('lovelace sur un vélo vert')).toEqual([])
})

test('length without variety is not called strong', async () => {
  expect(await judgePassword('xqzkwjvzqkxwvjqzkx', DEMANDS)).toBe('fair')
  expect(await judgePassword('correct horse battery', DEMANDS)).toBe('good')
})

it.each([
  ['Lovelace, Ada King!', 'password-personal'],
  ['passwordpassword', 'password-common'],
  ['short', 'password-too-short'],
  [LONG.repeat(45), 'password-too-long'],
])('U4 no strength is told of %s, which is refused', async (password, verdict) => {
  expect(await judgePassword(password, DEMANDS)).toBe(verdict)
  expect(await codes(password)).toEqual([verdict])
})

test('the administrator sets the least length, and the failure says it', async () => {
  const demands = { owner: ADA, rules: { minCharacters: 20, words: [] } }
  expect(await judgePassword('vert lampe plume 42', demands)).toBe('password-too-short')
  expect(await judgePassword('vert lampe plume 42 x', demands)).toBe('good')
  const [failure] = await checkPassword('vert lampe plume', 'vert lampe plume', demands)
  expect(failure).toMatchObject({ code: 'password-too-short', count: 20 })
})

test.each([
  ['tournesol ministere vert', 'Ministère'],
  ['TournesolMINISTÈREvert', 'Ministère'],
  ['m.i.n.i.s.t.e.r.e tournesol', 'Ministère'],
  ['le quai d’orsay en hiver', 'Quai d’Orsay'],
  ['M1n1$tère tournesol', 'Ministère'],
  ['É1y5ée-tournesol', 'Élysée'],
  ['Bletchl3y-Park', 'Bletchley'],
  ['tournesol b2b7 vert', 'B2B'],
])(
  '%s contains a word that the administrator lists, and the failure names it',
  async (password, word) => {
    const rules = {
      minCharacters: 12,
      words: ['Élysée', 'Quai d’Orsay', 'Ministère', 'Bletchley', 'B2B'],
    }
    const [failure] = await checkPassword(password, password, { owner: ADA, rules })
    expect(failure).toMatchObject({ code: 'password-word', field: 'password', value: word })
  },
)
