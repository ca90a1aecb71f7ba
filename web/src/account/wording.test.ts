/** What people read when several things are wrong. */
import { expect, it } from 'vitest'
import { ApiFailure } from './api.ts'
import { wordFailures } from './wording.ts'

const bad = (value: string) => new ApiFailure('invalid-email', { field: 'invited', value })

it('U4 the same sentence about several addresses is said once and names each', () => {
  const taken = new ApiFailure('account-exists', { field: 'invited', value: 'ida@x.org' })
  const said = wordFailures([bad('Bob'), taken, bad('c@'), bad('Eve')])
  expect(said).toHaveLength(2)
  expect(said[0]).toMatch(/\b3\b.*Bob, c@, Eve/u)
  expect(said[1]).toContain('ida@x.org')
})

it('U4 one bad address has a sentence of its own', () => {
  expect(wordFailures([bad('Bob')])).toEqual([expect.stringContaining('“Bob” is not')])
})

it('U4 each entry that looks like an address is named with it', () => {
  const slip = (value: string, meant: string) =>
    new ApiFailure('address-slip', { field: 'invited', value, meant })
  expect(wordFailures([slip('a(at)x.org', 'a@x.org'), slip('b@x,org', 'b@x.org')])).toEqual([
    '“a(at)x.org” is not an e-mail address. Did you mean a@x.org?',
    '“b@x,org” is not an e-mail address. Did you mean b@x.org?',
  ])
})

it('U4 what is true of no address in particular is said once', () => {
  expect(wordFailures([new ApiFailure('missing'), new ApiFailure('missing')])).toHaveLength(1)
})

it('U4 of very many addresses some are named and all are counted', () => {
  const [said] = wordFailures(Array.from({ length: 500 }, (_, at) => bad(`guest${at}`)))
  expect(said).toContain('500')
  expect(said!.length).toBeLessThan(500)
})
