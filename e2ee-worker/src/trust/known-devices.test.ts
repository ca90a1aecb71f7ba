import { describe, expect, it } from 'vitest'
import { verificationOf, withMet, withTrust, type KnownDevice } from './known-devices.ts'

function device(jkt: string, trust: KnownDevice['trust'], lastSeenMs = 0): KnownDevice {
  return { jkt, trust, firstSeenMs: 0, lastSeenMs }
}

describe('a device beside the others of its person', () => {
  it.each<[string, readonly KnownDevice[], string]>([
    ['nobody is known', [], 'new'],
    ['it was seen before', [device('a', 'seen')], 'known'],
    ['only others were seen', [device('b', 'seen')], 'new'],
    ['it is verified', [device('a', 'verified'), device('b', 'verified')], 'verified'],
    ['another one is verified', [device('b', 'verified')], 'changed'],
    ['another is verified, it was seen', [device('a', 'seen'), device('b', 'verified')], 'changed'],
    ['another was accepted', [device('b', 'accepted')], 'new'],
    ['it was accepted', [device('a', 'accepted'), device('b', 'verified')], 'known'],
  ])('R6 when %s', (_what, devices, verification) => {
    expect(verificationOf(devices, 'a', false)).toBe(verification)
  })

  it('stays new in the session in which it was first seen', () => {
    expect(verificationOf([device('a', 'seen')], 'a', true)).toBe('new')
    expect(verificationOf([device('a', 'accepted')], 'a', true)).toBe('known')
  })

  it('is remembered with the first and the last time it was met', () => {
    const once = withMet([], 'a', 5)
    expect(once).toEqual([{ jkt: 'a', firstSeenMs: 5, lastSeenMs: 5, trust: 'seen' }])
    const verified = withTrust(once, 'a', 'verified')
    expect(withMet(verified, 'a', 9)).toEqual([
      { jkt: 'a', firstSeenMs: 5, lastSeenMs: 9, trust: 'verified' },
    ])
  })

  it('makes the oldest unverified of 64 be forgotten, a verified one last', () => {
    let devices: readonly KnownDevice[] = [
      device('verified', 'verified'),
      device('kept', 'accepted'),
    ]
    for (let i = 0; i < 1000; i++) devices = withMet(devices, `d${i}`, i)
    const names = devices.map(({ jkt }) => jkt)
    expect(names).toHaveLength(64)
    expect(names).toEqual(expect.arrayContaining(['verified', 'kept', 'd999', 'd938']))
    expect(names).not.toContain('d937')
    for (let i = 0; i < 100; i++)
      devices = withTrust(withMet(devices, `v${i}`, i), `v${i}`, 'verified')
    expect(devices).toHaveLength(64)
    expect(devices.map(({ jkt }) => jkt)).not.toContain('verified')
  })
})
