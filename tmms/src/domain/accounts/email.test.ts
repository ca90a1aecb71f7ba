import { domainToASCII } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseEmail, showEmail } from './email.ts'

describe('e-mail addresses', () => {
  it.each([
    [' Ada@Example.ORG ', 'ada@example.org'],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    // The same letter, composed and decomposed.
    ['rene\u0301@example.org', 'ren\u00e9@example.org'],
    ['first.last+tag@sub.example.org', 'first.last+tag@sub.example.org'],
    ["o'brien@example.org", "o'brien@example.org"],
    ['user_name/dept=x!y@example.org', 'user_name/dept=x!y@example.org'],
    ['-ada-@example.org', '-ada-@example.org'],
    ['用户@例え.jp', '用户@xn--r8jz45g.jp'],
    ['น้ำใจ@example.org', 'น้ำใจ@example.org'],
    ['पता@डाटा.भारत', `पता@${domainToASCII('डाटा.भारत')}`],
    ['info@col·legi.cat', `info@${domainToASCII('col·legi.cat')}`],
  ])('A6 %j has one spelling', (typed, kept) => {
    expect(normaliseEmail(typed)).toBe(kept)
  })

  it.each([
    '',
    '@',
    'ada',
    'ada@',
    '@example.org',
    'ada@example',
    'ada@127.0.0.1',
    'a da@example.org',
    'ada@exa mple.org',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada\u0000@example.org',
    'ada@exam\r\nple.example.org',
    'ada@example.org\n',
    'ada@exa\tmple.org',
    'ada@k.example\\x',
    'ad\u00ada@example.org',
    'ada@exa\u00admple.org',
    'ada@exa\u200bmple.org',
    '.ada@example.org',
    'ada..b@example.org',
    '"ada"@example.org',
    'ada@example.org/path',
    'ada@ex%41mple.org',
    'ada@-example.org',
    'ada<x>@example.org',
    '‹kim@example.org›',
    '‹kim@example.org',
    'kim@example.org›',
    // The same bracket, as IDNA writes it.
    `kim@${domainToASCII('example.org›')}`,
    ...Array.from(
      '«»〈〉《》⟨⟩＜＞❮❯{}`´‘’“”„‚"′″＂＇·•‐–—…、，€→☺',
      (sign) => `ki${sign}m@example.org`,
    ),
    ...Array.from('«»〈〉⟨⟩{}`‘’“”′″·•–…€→', (sign) => `kim@exa${sign}mple.org`),
    "'kim@example.org",
    "kim'@example.org",
    'k\u0301\ufe0fim@example.org',
    'kim@exa\ufe0fmple.org',
    'kim@exa\u034fmple.org',
    'k\u3164im@example.org',
    '\u0301kim@example.org',
    'ｋim@example.org',
    'kim@example.o',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(64)}.org`,
    `ada@${'abcdefgh.'.repeat(30)}org`,
  ])('%j is refused', (typed) => {
    expect(() => normaliseEmail(typed)).toThrow(
      expect.objectContaining({ code: 'invalid-email', field: 'email' }),
    )
  })

  it('an address that was normalised stays as it is', () => {
    const local = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
    const domain = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(local, domain, (name, host) => {
        const typed = `${name}@${host}.Org`
        let once: string
        try {
          once = normaliseEmail(typed)
        } catch {
          return
        }
        expect(normaliseEmail(once)).toBe(once)
      }),
    )
  })

  it.each([
    ['ada@xn--bcher-kva.example', 'ada@bücher.example'],
    ['ada@example.org', 'ada@example.org'],
    ['ada@xn--nonsense\u0000', 'ada@xn--nonsense\u0000'],
  ])('U2 %j is shown as people write it', (kept, shown) => {
    expect(showEmail(kept)).toBe(shown)
  })
})
