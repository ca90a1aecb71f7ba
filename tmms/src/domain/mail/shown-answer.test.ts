import { describe, expect, it } from 'vitest'
import { shownAnswer } from './shown-answer.ts'

const user = 'huisclos@example.org'
const password = 'Sésame, ouvre-toi+/='
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const shown = (answer: string): string => shownAnswer(answer, { user, password })

describe('what a mail server answers', () => {
  it.each([
    ['as it is', password],
    ['for a URL', encodeURIComponent(password)],
    ['as AUTH LOGIN sends it', base64(password)],
    ['as AUTH PLAIN sends it', base64(`\0${user}\0${password}`)],
    ['with an authorization identity', base64(`${user}\0${user}\0${password}`)],
    ['behind one byte more', base64(`xx${user}\0${password}`)],
    ['behind two bytes more', base64(`xxx${user}\0${password}`)],
    ['before something', base64(`${password} and more`)],
    ['in the alphabet of URLs', Buffer.from(`\0${user}\0${password}`).toString('base64url')],
  ])('never shows the password, %s', (_how, secret) => {
    expect(shown(`535 you said: AUTH PLAIN ${secret} (no)`)).toMatch(
      /^535 you said: AUTH PLAIN \[…\]=* \(no\)$/,
    )
  })

  it.each([
    ['cut into lines', `535-${password.slice(0, 8)}\r\n535 ${password.slice(8)}`],
    ['in capitals', `535 ${password.toUpperCase()}`],
    ['with blanks between', `535 ${password.replaceAll(/(?=.)/gu, ' ')}`],
    [
      'in base64 cut into lines',
      `535-${base64(password).slice(0, 9)}\r\n535 ${base64(password).slice(9)}`,
    ],
  ])('is not shown at all with the password %s', (_how, answer) => {
    expect(shown(answer)).toBe('535 The server repeats the password, so what it says is not shown.')
  })

  it('is one line of 500 characters at most, of which none begins the password', () => {
    expect(shown('550-no\r\n550 \u0000relaying\u202e for you')).toBe('550-no 550 relaying for you')
    const text = shown(`${'x'.repeat(495)}${password}`)
    expect(text).toBe(`${'x'.repeat(495)}[…]`)
    expect(shown('😀'.repeat(20_000))).toBe('😀'.repeat(250))
  })

  it('stays as it is without the password: names and short words are no secret', () => {
    const answer = `553 5.7.1 <${user}>: Sender address rejected: not owned by user`
    expect(shown(answer)).toBe(answer)
    expect(shownAnswer('250 OK pass', { user: '', password: '' })).toBe('250 OK pass')
    expect(shownAnswer('535 no such user', { user: 'u', password: 'xy' })).toBe('535 no such user')
  })

  it('that is long and without a break is read in no time', () => {
    const long = 'QUJD'.repeat(500_000)
    expect(shown(long)).toHaveLength(500)
  })
})
