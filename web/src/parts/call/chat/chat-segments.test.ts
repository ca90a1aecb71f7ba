import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { segmentsOf } from './chat-segments.ts'

const links = (text: string): readonly string[] =>
  segmentsOf(text).flatMap((segment) => (segment.kind === 'link' ? [segment.text] : []))
const href = (text: string): string | undefined =>
  segmentsOf(text).flatMap((segment) => (segment.kind === 'link' ? [segment.href] : []))[0]

describe('a chat message', () => {
  it('without an address is one text', () => {
    expect(segmentsOf('Hello, Ada')).toEqual([{ kind: 'text', text: 'Hello, Ada' }])
    expect(segmentsOf('')).toEqual([])
  })

  it('with addresses keeps what stands around them', () => {
    expect(segmentsOf('See https://example.org/a?b=c#d and http://b.example .')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://example.org/a?b=c#d', href: 'https://example.org/a?b=c#d' },
      { kind: 'text', text: ' and ' },
      { kind: 'link', text: 'http://b.example', href: 'http://b.example/' },
      { kind: 'text', text: ' .' },
    ])
  })

  it.each([
    ['Read https://example.org/a.', 'https://example.org/a'],
    ['(https://example.org/a)', 'https://example.org/a'],
    ['https://example.org/a_(b)', 'https://example.org/a_(b)'],
    ['(see https://example.org/a_(b))', 'https://example.org/a_(b)'],
    ['« https://example.org/a »', 'https://example.org/a'],
    ['“https://example.org/a”!', 'https://example.org/a'],
    ['https://example.org/a…', 'https://example.org/a'],
    ['https://example.org:8443/a, then', 'https://example.org:8443/a'],
    ['HTTPS://Example.org/A', 'HTTPS://Example.org/A'],
    ['https://[2001:db8::1]/a', 'https://[2001:db8::1]/a'],
  ])('%s has one address without the punctuation around it', (text, expected) => {
    expect(links(text)).toEqual([expected])
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt://example.org/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'ftp://example.org/',
    '//example.org/a',
    'xhttps://example.org/',
    'https://',
    '<img src=x onerror=alert(1)>',
  ])('%s is text', (text) => {
    expect(links(text)).toEqual([])
    expect(
      segmentsOf(text)
        .map((segment) => segment.text)
        .join(''),
    ).toBe(text)
  })

  it.each([
    ['a name before the host', 'https://example.org@evil.example/'],
    ['a password before the host', 'https://example.org:443@evil.example/'],
    ['a backslash', 'https://example.org\\@evil.example/'],
    ['Cyrillic among Latin letters', 'https://ex\u0430mple.org/'],
    ['a Cyrillic name under a Latin ending', 'https://\u0430\u0440\u0440\u04cf\u0435.com/'],
    ['a slash that is none', 'https://example.org\u2215evil.example/'],
    ['a dot that is none', 'https://example\u3002org/'],
    ['a full-width host', 'https://\uff45xample.org/'],
    ['a Latin letter that looks like another', 'https://\u0261oogle.com/'],
    ['a turned direction of writing', 'https://example.org/\u202egpj.exe'],
    ['an isolate', 'https://example.org/\u2066a\u2069'],
    ['an invisible space', 'https://exam\u200bple.org/'],
    ['a soft hyphen', 'https://exam\u00adple.org/'],
    ['an escaped host', 'https://%65vil.example/'],
    ['a number for a host', 'https://2130706433/'],
    ['a short number for a host', 'https://127.1/'],
    ['a lone surrogate', 'https://example.org/\ud800'],
  ])('an address with %s is text', (_, text) => {
    expect(links(text)).toEqual([])
  })

  it('a host in one script of its own is a link', () => {
    expect(href('https://münchen.de/')).toBe('https://xn--mnchen-3ya.de/')
    expect(href('https://пример.рф/')).toBe('https://xn--e1afmkfd.xn--p1ai/')
  })

  it('is shown whole, and links lead only to http and https', () => {
    const parts = fc.constantFrom(
      'https://',
      'http://',
      'a.example',
      '@',
      '(',
      ')',
      '.',
      ' ',
      '\u202e',
    )
    const anything = fc.nat({ max: 0x10ffff }).map((point) => String.fromCodePoint(point))
    const text = fc.array(fc.oneof(parts, anything))
    const holds = (all: readonly string[]): boolean => {
      const segments = segmentsOf(all.join(''))
      const safe = segments.every(
        (segment) => segment.kind === 'text' || /^https?:\/\/[^@/]+\//.test(segment.href),
      )
      return safe && segments.map((segment) => segment.text).join('') === all.join('')
    }
    fc.assert(fc.property(text, holds))
  })
})
