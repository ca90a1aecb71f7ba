import { expect, it, vi } from 'vitest'
import { parseRoute } from '../route.ts'
import { makeLinkSecret, withSecret } from './own-link.ts'

const MID = 'q83vEjRWeJCrze8SNFZ4kA'
const PIN = `${'A'.repeat(42)}E`

it('a link secret is 32 random bytes, written as links carry them', () => {
  const random = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    if (array instanceof Uint8Array) array.set([251, 255, 254, 63, 62])
    return array
  })
  expect(makeLinkSecret()).toBe(`-__-Pz4${'A'.repeat(36)}`)
  expect(random).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ length: 32 }))
  random.mockRestore()
})

it('no two link secrets are alike, and every one makes a whole link', () => {
  const secrets = Array.from({ length: 100 }, makeLinkSecret)
  expect(new Set(secrets).size).toBe(100)
  for (const linkSecret of secrets) {
    const [path = '', fragment = ''] = withSecret(`/j/${MID}#v1.${PIN}`, linkSecret).split('#')
    expect(parseRoute(path, fragment)).toEqual({ screen: 'join', mid: MID, pin: PIN, linkSecret })
  }
})

it.each([
  ['a secret of the server’s own', `/j/${MID}#v1.${PIN}.${'A'.repeat(43)}`],
  ['something behind the pin', `/j/${MID}#v1.${PIN}.-`],
  ['another origin', `https://evil.example/j/${MID}#v1.${PIN}`],
  ['a query', `/j/${MID}?s=-#v1.${PIN}`],
  ['no fragment', `/j/${MID}`],
])('a link with %s takes no secret', (_, link) => {
  expect(() => withSecret(link, 'x'.repeat(43))).toThrow('internal')
})
