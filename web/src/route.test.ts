/** The address bar's grammar: which screens exist, and which meeting links are whole. */
import { PAGE_PATHS } from '@huisclos/tmms/contract/pages'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fragmentOf, parseFragment, parseRoute, readEntry, splitHref } from './route.ts'

const MID = 'q83vEjRWeJCrze8SNFZ4kA'
const PIN = `${'A'.repeat(42)}E`
const SECRET = `${'-_9z'.repeat(10)}zz8`
const ORIGIN = 'https://host'

interface LinkCase {
  readonly what: string
  readonly url: string
  readonly want: string
}
const CASES = (
  JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../tmms/test/cases/links.json'), 'utf8'),
  ) as {
    cases: LinkCase[]
  }
).cases

/** As the address bar gives it. */
function open(url: string, state: unknown = null) {
  const { pathname, hash } = new URL(url, ORIGIN)
  return readEntry(pathname, hash, state)
}

test('a slash too many before a link changes nothing', () => {
  const whole = readEntry(`/j/${MID}`, `#v1.${PIN}`, null)
  expect(readEntry(`//j/${MID}`, `#v1.${PIN}`, null)).toEqual(whole)
})

describe('addresses', () => {
  test.each([
    ['/', { screen: 'home' }],
    ['/sign-in', { screen: 'sign-in' }],
    ['/reset', { screen: 'reset' }],
    ['/meetings/new', { screen: 'plan' }],
    ['/admin', { screen: 'admin', page: 'users', id: null, search: '' }],
    ['/admin/users', { screen: 'admin', page: 'users', id: null, search: '' }],
    [`/admin/users/${MID}`, { screen: 'admin', page: 'users', id: MID, search: '' }],
    ['/admin/users?q=a', { screen: 'admin', page: 'users', id: null, search: 'q=a' }],
    ['/admin/users/..', { screen: 'not-found' }],
    ['/admin/users/a/b', { screen: 'not-found' }],
    ['/administration', { screen: 'not-found' }],
    [`/meetings/${MID}`, { screen: 'meeting', id: MID }],
    ['/nowhere', { screen: 'not-found' }],
    [`/meetings/${MID}/change`, { screen: 'change', id: MID }],
    [`/meetings/${MID}/change/more`, { screen: 'not-found' }],
    [`/meetings/${MID}/more`, { screen: 'not-found' }],
    ['/meetings/..%2Fsecret', { screen: 'not-found' }],
    ['/constructor', { screen: 'not-found' }],
  ])('%s', (path, route) => {
    expect(parseRoute(path, '')).toEqual(route)
  })

  test('the server knows every page, and answers no other address with one', () => {
    for (const path of PAGE_PATHS) {
      const filled = path.replace(':page', 'users').replace(':id', MID)
      expect([path, open(ORIGIN + filled).route.screen]).not.toEqual([path, 'not-found'])
    }
    expect(parseRoute('/accounts', '')).toEqual({ screen: 'not-found' })
  })

  test('a list of the administration keeps what it is narrowed to; other addresses keep no query', () => {
    expect(readEntry('/admin/users', '', null, '?q=ada&role=user')).toEqual({
      kept: { path: '/admin/users?q=ada&role=user', fragment: '' },
      route: { screen: 'admin', page: 'users', id: null, search: 'q=ada&role=user' },
    })
    expect(readEntry('/reset', '', null, '?utm_source=mail').kept.path).toBe('/reset')
    expect(splitHref('/admin/users?q=ada', ORIGIN).path).toBe('/admin/users?q=ada')
  })

  test('account links carry their token in the fragment', () => {
    expect(parseRoute('/setup', SECRET)).toEqual({ screen: 'setup', token: SECRET })
    expect(parseRoute('/welcome', SECRET)).toEqual({ screen: 'welcome', token: SECRET })
  })

  test.each(['', SECRET.slice(1), `${SECRET}x`])(
    'U1 an account link with %j for its token is incomplete',
    (token) => {
      expect(parseRoute('/setup', token)).toEqual({ screen: 'setup-incomplete' })
      expect(parseRoute('/welcome', token)).toEqual({ screen: 'welcome-incomplete' })
    },
  )
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

  test('a link without a secret ends with the pin, and once had a dash behind it', () => {
    expect(parseFragment(`v1.${PIN}`)).toEqual({ pin: PIN, linkSecret: null })
    expect(parseFragment(`v1.${PIN}.-`)).toEqual({ pin: PIN, linkSecret: null })
  })

  test('M5 a link without a fragment joins without a pin', () => {
    expect(parseRoute(`/j/${MID}`, '')).toMatchObject({ pin: null, linkSecret: null })
  })

  test.each([
    ['cut in the secret', `v1.${PIN}.${SECRET.slice(1)}`],
    ['cut in the pin', `v1.${PIN.slice(1)}`],
    ['of another version', `v2.${PIN}.${SECRET}`],
    ['with something behind it', `v1.${PIN}.${SECRET}.x`],
    ['with a character outside base64url', `v1.${PIN.replace('E', '+')}.-`],
    ['with a non-canonical last character', `v1.${'A'.repeat(42)}B.-`],
  ])('M5 a link %s is incomplete', (_, fragment) => {
    expect(parseRoute(`/j/${MID}`, fragment)).toEqual({ screen: 'join-incomplete' })
  })

  test.each(['/j', '/j/', '/j/short', `/j/${MID}/x`])('%s is incomplete too', (path) => {
    expect(parseRoute(path, '').screen).toBe('join-incomplete')
  })
})

describe('U1 links as mail programs leave them', () => {
  test.each(CASES)('$what', ({ url, want }) => {
    const given = url.replace('MID', MID).replace('PIN', PIN).replace('TOKEN', SECRET)
    // The pin of these two is broken in the middle.
    const broken = given.replace(/PI(%0D%0A| )N/, `${PIN.slice(0, 20)}$1${PIN.slice(20)}`)
    const { route } = open(broken)
    const joins = { screen: 'join', mid: MID, pin: PIN, linkSecret: null }
    const wanted: Record<string, unknown> = {
      joins,
      'says that the link is incomplete': { screen: 'welcome-incomplete' },
      works: { screen: 'welcome', token: SECRET },
    }
    expect(route).toEqual(wanted[want])
  })

  test.each([
    ['quoted-printable', `v1.${PIN}.${SECRET.slice(0, 9)}=%0D%0A${SECRET.slice(9)}`],
    ['HTML entities', `v1.${PIN}.${SECRET}&gt;`],
    ['a zero-width space', `v1.${PIN}.%E2%80%8B${SECRET}`],
    ['quotes', `v1.${PIN}.${SECRET}”.`],
    ['dots that were encoded twice', `v1%252E${PIN}%252E${SECRET}`],
  ])('%s leave the secret of an own link whole', (_, fragment) => {
    expect(open(`/j/${MID}#${fragment}`).route).toMatchObject({ pin: PIN, linkSecret: SECRET })
  })

  test('the address bar shows the mended path, and the history keeps the mended fragment', () => {
    const mended = { path: `/j/${MID}`, fragment: `v1.${PIN}` }
    expect(open(`/j/${MID}/#v1.${PIN}.-.`).kept).toEqual(mended)
    expect(open(`/j/${MID}%23v1.${PIN}`).kept).toEqual(mended)
    expect(open(`/j/${MID}%3Futm_source=news%23v1.${PIN}`).kept).toEqual(mended)
    expect(open(`/j/${MID}%2523v1.${PIN}`).kept).toEqual(mended)
    expect(open(`/j/${MID}%253Futm_source=news%252523v1%252E${PIN}`).kept).toEqual(mended)
  })

  test.each(['%23', '%2523', '%252523'])(
    'a secret that went to the server behind a %s is neither used nor kept',
    (hash) => {
      const { route, kept } = open(`/j/${MID}${hash}v1.${PIN}.${SECRET}`)
      expect(route).toEqual({ screen: 'join-leaked' })
      expect(kept).toEqual({ path: `/j/${MID}`, fragment: '' })
    },
  )

  test('a lone percent sign is taken as it is', () => {
    expect(open(`/j/${MID}#v1.${PIN}%`).route.screen).toBe('join')
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
