import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { overwriteGetLocale } from '../../paraglide/runtime.js'
import { callCodes, isE2eeCode } from './table.ts'
import { wordRefusal, wordUnopened } from './wording.ts'

const codes = callCodes.filter(isE2eeCode)

/** About our own side, or about the server. */
const aboutNobody = new Set(['E_TCS', 'E_CTR', 'E_CODEC', 'E_STATE', 'E_INTERNAL'])
/** What the server brings about by itself, or with a member's help, is not laid at the door of whose name it bears. */
const notTheirDoing = ['E_SUITE', 'E_KEY_ROLLBACK', 'E_FRAME_REPLAY', 'E_STREAM'] as const
/** Nothing different can be done about these. */
const together = [
  ['E_LEN', 'E_SHORT', 'E_TRAILING'],
  ['E_TOKEN_FORMAT', 'E_TOKEN_TYPE', 'E_TOKEN_SIG'],
  ['E_EK_REUSE', 'E_EPOCH'],
]

describe.each(['en', 'fr'] as const)('the sentences in %s', (language) => {
  beforeAll(() => overwriteGetLocale(() => language))
  afterAll(() => overwriteGetLocale(() => 'en'))

  it('exist for every code of the contract', () => {
    expect(codes.length).toBeGreaterThan(30)
    for (const code of codes) expect(wordRefusal(code, 'Ada').length, code).toBeGreaterThan(40)
  })

  it.each(codes.filter((code) => !aboutNobody.has(code)))('%s names whom it is about', (code) => {
    expect(wordRefusal(code, 'Ada Lovelace')).toContain('Ada Lovelace')
    expect(wordRefusal(code, null)).toContain(language === 'en' ? 'Somebody' : 'Quelqu’un')
  })

  it('accuse nobody of what the server can do in their name, and take one sentence for it', () => {
    const clears = language === 'en' ? /(without|need not be) Ada/ : /sans (que )?cette personne/
    const tiles = ['E_FRAME_REPLAY', 'E_STREAM'] as const
    for (const said of [
      ...notTheirDoing.map((code) => wordRefusal(code, 'Ada')),
      ...tiles.map((code) => wordUnopened('video', code, 'Ada')),
    ]) {
      expect(said).toMatch(clears)
      expect(said).toMatch(/^[^.]+\.$/)
    }
  })

  it('differ, except where nothing different can be done', () => {
    const groupOf = (code: string): string =>
      together.find((group) => group.includes(code))?.[0] ?? code
    const bySentence = new Map<string, Set<string>>()
    for (const code of codes) {
      const sentence = wordRefusal(code, 'Ada')
      bySentence.set(sentence, (bySentence.get(sentence) ?? new Set()).add(groupOf(code)))
    }
    expect([...bySentence.values()].filter((groups) => groups.size > 1)).toEqual([])
  })

  it('say why a tile is empty or silent', () => {
    const said = (['E_NO_KEY', 'E_FRAME_AUTH', 'E_FRAME_REPLAY', 'E_STREAM', null] as const).map(
      (code) => wordUnopened('video', code, 'Ada'),
    )
    expect(new Set(said).size).toBe(said.length)
    for (const sentence of said) expect(sentence).toMatch(/Ada/)
    expect(wordUnopened('audio', null, 'Ada')).not.toBe(wordUnopened('video', null, 'Ada'))
  })
})

it('the two languages are not the same', () => {
  const english = codes.map((code) => wordRefusal(code, 'Ada'))
  overwriteGetLocale(() => 'fr')
  const french = codes.map((code) => wordRefusal(code, 'Ada'))
  overwriteGetLocale(() => 'en')
  expect(english.filter((sentence, index) => sentence === french[index])).toEqual([])
})
