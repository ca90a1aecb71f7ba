/** Which addresses may be invited. */
import { describe, expect, it, test } from 'vitest'
import { SETTINGS } from '../../contract/settings.ts'
import type { Invitable } from '../../contract/security.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { checkDomainSettings, checkInvitable } from './domains.ts'

function rule(...free: string[]): Invitable {
  const { free: domains } = checkDomainSettings({ free, outside: 'nobody' })
  return { domains, why: 'nobody' }
}

const mayInvite = (of: Invitable, address: string) => () =>
  checkInvitable(of, normaliseEmail(address), 'invited.3')

describe('an address may be invited when its domain is one of those that are free', () => {
  it.each([
    ['example.org', 'ada@example.org'],
    ['example.org', 'ada@EXAMPLE.ORG'],
    ['@Example.org', 'ada@example.org'],
    ['*.example.org', 'ada@a.example.org'],
    ['*.example.org', 'ada@a.b.example.org'],
    ['münchen.example', 'ada@xn--mnchen-3ya.example'],
    ['xn--mnchen-3ya.example', 'ada@MÜNCHEN.example'],
    ['*.münchen.example', 'ada@rathaus.münchen.example'],
  ])('%s has %s', (domain, address) => {
    expect(mayInvite(rule('other.example', domain), address)).not.toThrow()
  })

  it.each([
    ['example.org', 'ada@a.example.org'],
    ['example.org', 'ada@badexample.org'],
    ['example.org', 'ada@example.org.evil.net'],
    ['*.example.org', 'ada@example.org'],
    ['*.example.org', 'ada@aexample.org'],
    ['münchen.example', 'ada@munchen.example'],
  ])('%s has not %s', (domain, address) => {
    expect(mayInvite(rule(domain), address)).toThrow(
      expect.objectContaining({ code: 'outside-domains', field: 'invited.3' }),
    )
  })
})

test('a refusal names the address and what is allowed', () => {
  expect(mayInvite(rule('example.org', '*.x.org'), 'ada@münchen.de')).toThrow(
    'ada@münchen.de is not of example.org, *.x.org.',
  )
})

test('domains are kept once each, as people read them; what is none is named', () => {
  const { free } = checked(' @Example.ORG ', 'example.org', '*.XN--MNCHEN-3YA.de')
  expect(free).toEqual(['example.org', '*.münchen.de'])
  for (const bad of ['', 'org', '*.org', 'a b.org', '*', '*.', 'x.*.org', 'ada@example.org']) {
    expect(() => checked('example.org', bad), bad).toThrow(
      expect.objectContaining({ code: 'invalid-domain', field: 'free.1' }),
    )
  }
})

function checked(...free: string[]) {
  return checkDomainSettings({ ...SETTINGS.domains.parse({}), free })
}
