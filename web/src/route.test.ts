/** The address bar's grammar: which screens exist, and which meeting links are whole. */
import { describe, expect, test } from 'vitest'
import { fragmentOf, parseFragment, parseRoute } from './route.ts'

const MID = 'q83vEjRWeJCrze8SNFZ4kA'
const PIN = `${'A'.repeat(42)}E`
const SECRET = `${'-_9z'.repeat(10)}zz8`

describe('addresses', () => {
  test.each([
    ['/', { screen: 'home' }],
    ['/sign-in', { screen: 'sign-in' }],
    ['/reset', { screen: 'reset' }],
    ['/meetings/new', { screen: 'plan' }],
    ['/accounts', { screen: 'accounts' }],
    [`/meetings/${MID}`, { screen: 'meeting', id: MID }],
    ['/nowhere', { screen: 'not-found' }],
    [`/meetings/${MID}/more`, { screen: 'not-found' }],
    ['/meetings/..%2Fsecret', { screen: 'not-found' }],
    ['/constructor', { screen: 'not-found' }],
  ])('%s', (path, route) => {
    expect(parseRoute(path, '')).toEqual(route)
  })

  test('account links carry their token in the fragment', () => {
    expect(parseRoute('/setup', 'abc')).toEqual({ screen: 'setup', token: 'abc' })
    expect(parseRoute('/welcome', 'abc')).toEqual({ screen: 'welcome', token: 'abc' })
  })
})

describe('meeting links', () => {
  test('a whole link yields the pin and the link secret', () => {
    expect(parseRoute(`/j/${MID}`, `v1.${PIN}.${SECRET}`)).toEqual({
      screen: 'join',
      mid: MID,
      pin: PIN,
      linkSecret: SECRET,
    })
  })

  test('a link without a secret has a dash in its place', () => {
    expect(parseFragment(`v1.${PIN}.-`)).toEqual({ pin: PIN, linkSecret: null })
  })

  test('M5 a link without a fragment joins without a pin', () => {
    expect(parseRoute(`/j/${MID}`, '')).toMatchObject({ pin: null, linkSecret: null })
  })

  test.each([
    ['cut in the secret', `v1.${PIN}.${SECRET.slice(1)}`],
    ['cut after the pin', `v1.${PIN}`],
    ['cut after the dot', `v1.${PIN}.`],
    ['of another version', `v2.${PIN}.${SECRET}`],
    ['with something behind it', `v1.${PIN}.${SECRET}.x`],
    ['with a full stop from the sentence around it', `v1.${PIN}.-.`],
    ['with a character outside base64url', `v1.${PIN.replace('E', '+')}.-`],
    ['with a non-canonical last character', `v1.${'A'.repeat(42)}B.-`],
  ])('M5 a link %s is incomplete', (_, fragment) => {
    expect(parseRoute(`/j/${MID}`, fragment)).toEqual({ screen: 'join-incomplete' })
  })

  test.each(['/j', '/j/', '/j/short', `/j/${MID}/x`])('%s is incomplete too', (path) => {
    expect(parseRoute(path, '').screen).toBe('join-incomplete')
  })
})

describe('B6 the fragment taken out of the address bar', () => {
  const kept = { path: `/j/${MID}`, fragment: `v1.${PIN}.-` }

  test('is found again after a reload', () => {
    expect(fragmentOf(`/j/${MID}`, '', kept)).toBe(kept.fragment)
  })

  test('is not carried to another meeting', () => {
    expect(fragmentOf('/j/another-meeting-0000', '', kept)).toBe('')
  })

  test('gives way to a link opened over it', () => {
    expect(fragmentOf(`/j/${MID}`, '#v1.new', kept)).toBe('v1.new')
  })

  test.each([null, 'text', {}, { path: `/j/${MID}`, fragment: 1 }])(
    'is not read from a foreign history entry %j',
    (state) => {
      expect(fragmentOf(`/j/${MID}`, '', state)).toBe('')
    },
  )
})
