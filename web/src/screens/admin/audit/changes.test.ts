import type { AuditEntry } from '@huisclos/tmms/contract/audit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { overwriteGetLocale } from '../../../paraglide/runtime.js'
import { wordDetails, wordObject } from './wording.ts'

beforeEach(() => overwriteGetLocale(() => 'en'))
afterEach(() => overwriteGetLocale(() => 'en'))

const plain = (text: string): string => text.replaceAll(/\s/g, ' ')

function words(entry: Pick<AuditEntry, 'action' | 'object' | 'details'>): readonly string[] {
  const actor = { kind: 'account', id: 'a', name: 'ada@example.org' } as const
  const whole = { n: 1, time: '2026-03-03T10:00:00.000Z', from: '', actor, ...entry }
  return [wordObject(entry.object), ...lines(whole)].map(plain)
}

function lines(entry: AuditEntry): string[] {
  return wordDetails(entry, 'en').map(({ label, value }) => `${label}: ${value}`)
}

const policy = {
  action: 'profile-changed',
  object: { kind: 'profile', id: 'standard', name: 'standard' },
  details: {
    ...{ messages: false, 'messages.from': true },
    ...{ durationMin: 240, 'durationMin.from': 1440 },
  },
} as const

it('U5 a change of the policy says which switch, from what to what, in both languages', () => {
  expect(words(policy)).toEqual([
    'Profile Standard',
    'Messages: Not allowed (before: Allowed)',
    'Longest meeting: At most 4 hours (before: At most 24 hours)',
  ])
  overwriteGetLocale(() => 'fr')
  expect(words(policy).slice(2)).toEqual([
    'Durée maximale: Au plus 4 heures (avant : Au plus 24 heures)',
  ])
})

it('U5 a change of a setting names it as its page does, and what is not told only by name', () => {
  const object = { kind: 'setting', id: 'mail', name: 'mail' } as const
  const details = {
    changed: ['host', 'security', 'senderName'],
    ...{ host: 'smtp.example.org', 'host.from': '' },
    ...{ security: 'tls', 'security.from': 'starttls' },
  }
  expect(words({ action: 'setting-changed', object, details })).toEqual([
    'Mail server and sender',
    'Server: smtp.example.org (before: –)',
    'Encryption: TLS from the start (port 465) (before: STARTTLS, required (port 587))',
    'Changed: Sender’s name',
  ])
})

it('U5 a letter, a group, and an entry of before values were written down are worded, too', () => {
  const letter = { kind: 'setting', id: 'letter-welcome', name: 'letter-welcome' } as const
  const changed = { changed: ['fr.subject'] }
  const [, said] = words({ action: 'setting-changed', object: letter, details: changed })
  expect(said).toBe('Changed: Subject in French')
  const group = { kind: 'group', id: 'g', name: 'Trainees' } as const
  const restricted = { participants: 20, 'participants.from': null, domains: ['a.org'] }
  expect(words({ action: 'group-changed', object: group, details: restricted })).toEqual([
    'Trainees',
    'People at the same time: At most 20 people (before: Not restricted)',
    'Domains: a.org',
  ])
})
