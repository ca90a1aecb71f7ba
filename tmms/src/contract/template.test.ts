import { describe, expect, it } from 'vitest'
import type { PartRule } from './letter-parts.ts'
import { faultOf, piecesOf, tidyTemplate } from './template.ts'

const text: PartRule = { max: 60, lines: true, may: ['title', 'link'], must: ['link'] }
const subject: PartRule = { max: 20, lines: false, may: ['title'], must: [] }

describe('a wording with placeholders', () => {
  it.each([
    ['Hello,\n\n{link}', null],
    ['{title}: {title} {link}', null],
    ['', { is: 'empty' }],
    [`{link}${'x'.repeat(60)}`, { is: 'too-long', max: 60 }],
    ['{link} \u202e', { is: 'invisible', sign: 'U+202E' }],
    ['{link} \u0000', { is: 'invisible', sign: 'U+0000' }],
    ['{link} \u200b', { is: 'invisible', sign: 'U+200B' }],
    ['{link} \ud800', { is: 'invisible', sign: 'U+D800' }],
    ['\u2800{link}', { is: 'invisible', sign: 'U+2800' }],
    ['{link} \u{1d159}', { is: 'invisible', sign: 'U+1D159' }],
    ['{link} a\u200d\u200db', { is: 'invisible', sign: 'U+200D' }],
    ['{link} b\ufe0f', { is: 'invisible', sign: 'U+FE0F' }],
    ['{link} क्\u200dष 👩🏽\u200d🔬 ☂\ufe0f 1\ufe0f\u20e3', null],
    ['{link', { is: 'brace' }],
    ['{link}}', { is: 'brace' }],
    ['{{link}}', { is: 'brace' }],
    ['{link} {titel}', { is: 'unknown', name: 'titel' }],
    ['{link} { title }', { is: 'unknown', name: ' title ' }],
    ['{link} {}', { is: 'unknown', name: '' }],
    ['{link} {constructor}', { is: 'unknown', name: 'constructor' }],
    ['{link} {link}', { is: 'twice', name: 'link' }],
    ['https://elsewhere.example', { is: 'missing', name: 'link' }],
  ])('%j has the fault %o', (template, fault) => {
    expect(faultOf(template, text)).toEqual(fault)
  })

  it.each([
    ['a\nBcc: b@c', { is: 'line-break' }],
    ['a\rBcc: b@c', { is: 'line-break' }],
    ['\u2800', { is: 'invisible', sign: 'U+2800' }],
    ['a\u2028b', { is: 'invisible', sign: 'U+2028' }],
    ['{link}', { is: 'unknown', name: 'link' }],
    ['Your {title}', null],
  ])('B5 the subject %j has the fault %o', (template, fault) => {
    expect(faultOf(template, subject)).toEqual(fault)
  })

  it('is kept with line breaks of one kind, and without what hangs over', () => {
    expect(tidyTemplate(' a \r\nb\rc\n\n\n\nd\t{link}\n', text)).toBe('a\nb\nc\n\nd {link}')
    expect(tidyTemplate(' a\n', subject)).toBe('a')
  })

  it('falls apart into words and placeholders', () => {
    expect(piecesOf('On {title}: {link}')).toEqual([
      { text: 'On ' },
      { placeholder: 'title' },
      { text: ': ' },
      { placeholder: 'link' },
    ])
  })
})
