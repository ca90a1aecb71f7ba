import { expect, it } from 'vitest'
import { cleanDraft } from './clean-draft.ts'

it.each([
  ['line breaks of a word processor', 'one\vtwo\u2028three\r\nfour', 'one\ntwo\nthree\nfour'],
  ['controls of a terminal', '\u001b[31mred\u0007\u0000', '[31mred'],
  ['half a character', 'a\ud83db', 'a\ufffdb'],
  ['tabs and line feeds stay', ' a\tb\nc ', 'a\tb\nc'],
  ['direction marks stay: right-to-left scripts need them', '\u200fשלום', '\u200fשלום'],
  ['emoji stay whole', '👩🏽\u200d🔬', '👩🏽\u200d🔬'],
])('U5 %s', (_, pasted, sent) => {
  expect(cleanDraft(pasted)).toBe(sent)
})
