import { describe, expect, it } from 'vitest'
import type { Mail, MeetingNotice } from './mail.ts'
import { supersede } from './superseding.ts'

const meeting: MeetingNotice = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  title: 'Board',
  startsAt: 1_790_000_000_000,
  durationMin: 60,
  zone: 'Europe/Paris',
  sequence: 0,
  organiser: { name: 'Ada', email: 'ada@example.org' },
  link: null,
}
const at = (sequence: number, title: string): MeetingNotice => ({ ...meeting, sequence, title })
const invitation = (notice: MeetingNotice) =>
  ({ kind: 'invitation', meeting: notice, validateLink: 'link', validateUntil: 1 }) as const
const update = (notice: MeetingNotice, before: MeetingNotice) =>
  ({ kind: 'update', meeting: notice, before }) as const
const cancellation = (notice: MeetingNotice) => ({ kind: 'cancellation', meeting: notice }) as const

describe('a mail about a meeting', () => {
  it('stands as it is when nothing waits', () => {
    for (const mail of [update(at(1, 'B'), meeting), cancellation(at(1, 'B'))]) {
      expect(supersede(mail, { known: false, replaced: [] })).toBe(mail)
    }
  })

  it('a change of an unsent invitation keeps its activation link', () => {
    const replaced = [invitation(at(0, 'A'))]
    expect(supersede(update(at(1, 'B'), at(0, 'A')), { known: false, replaced })).toEqual(
      invitation(at(1, 'B')),
    )
  })

  it('changes are compared with what was told last', () => {
    const replaced = [update(at(1, 'B'), at(0, 'A'))]
    expect(supersede(update(at(2, 'C'), at(1, 'B')), { known: true, replaced })).toEqual(
      update(at(2, 'C'), at(0, 'A')),
    )
  })

  it('the end of what nobody was told is told to nobody', () => {
    const replaced = [invitation(at(0, 'A'))]
    expect(supersede(cancellation(at(1, 'A')), { known: false, replaced })).toBeNull()
  })

  it('a cancellation names what may have been told, however many changes waited', () => {
    const known = true
    let waiting: Mail = invitation(at(0, 'A'))
    for (const n of [1, 2]) {
      const next = supersede(update(at(n, `B${n}`), at(n - 1, 'x')), { known, replaced: [waiting] })
      if (next === null) throw new Error('it is gone')
      waiting = next
    }
    const mail = supersede(cancellation(at(3, 'B2')), { known, replaced: [waiting] })
    expect(mail).toEqual(cancellation({ ...at(3, 'A') }))
  })

  it('what cannot be read any more counts for nothing', () => {
    const mail = update(at(1, 'B'), at(0, 'A'))
    expect(supersede(mail, { known: true, replaced: [null] })).toEqual(mail)
  })
})
