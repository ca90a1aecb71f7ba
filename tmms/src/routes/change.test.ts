import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Meeting } from '../contract/meetings.ts'
import type { AccessEnd } from '../contract/access.ts'
import type { Answer, Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { MINUTE, START, openWorld, plan, type World } from '../../test/world.ts'

const HOUR = 60 * MINUTE
const LATER = START + 2 * HOUR

let world: World
let organiser: Browser
let bob: Browser
let meeting: Meeting
let ended: AccessEnd[]
beforeEach(async () => {
  ended = []
  world = await openWorld({ onAccessEnded: (end) => void ended.push(end) })
  organiser = await world.administrator()
  bob = (await world.person('bob@example.org')).browser
  meeting = await plan(organiser, ['bob@example.org', 'carol@example.org'], {
    startsAt: new Date(LATER).toISOString(),
    zone: 'Europe/Paris',
  })
  await world.tmms.sendDueMails()
  world.mails.length = 0
})
afterEach(() => world.close())

async function change(body: object, browser = organiser): Promise<Answer> {
  const answer = await browser.call(
    'PATCH /api/meetings/:id',
    { sequence: meeting.sequence, ...body },
    { id: meeting.id },
  )
  if (answer.status === 200) meeting = answer.body.meeting as Meeting
  return answer
}
const subjects = () => world.mails.map(({ to, subject }) => `${to} ${subject}`).toSorted()

describe('changing a meeting', () => {
  it('who stays is told what changed, and the number grows', async () => {
    await change({ title: 'Committee', startsAt: new Date(LATER + HOUR).toISOString() })
    expect(meeting).toMatchObject({ title: 'Committee', sequence: 1, durationMin: 60 })
    expect(subjects()).toEqual([
      'bob@example.org Changed: Committee',
      'carol@example.org Changed: Committee',
    ])
  })

  it('without a change nobody is mailed, and the number stays', async () => {
    const { title, startsAt, durationMin, zone } = meeting
    const invited = ['Carol <carol@example.org>', 'bob@example.org'].map((text) => ({
      email: /[\w@.]+(?=>?$)/.exec(text)?.[0] ?? '',
    }))
    const { status } = await change({ title, startsAt, durationMin, zone, invited })
    expect([status, meeting.sequence, world.mails]).toEqual([200, 0, []])
    expect((await change({})).status).toBe(200)
    expect([meeting.sequence, world.mails]).toEqual([0, []])
  })

  it('E5 who is taken out is told so, gets no token, and is out at once; who comes new is invited', async () => {
    world.clock.nowMs = LATER
    const device = new Device()
    expect((await device.join(bob, meeting.id, world.clock.nowMs)).status).toBe(200)
    await change({ invited: ['carol@example.org', 'dora@example.org'] })
    expect(subjects()).toEqual([
      'bob@example.org No longer invited: Board',
      'dora@example.org Invitation: Board',
    ])
    expect(ended).toEqual([expect.objectContaining({ mid: meeting.id, reason: 'uninvited' })])
    expect((await device.join(bob, meeting.id, world.clock.nowMs)).body.code).toBe('not-found')
    const gone = await bob.call('GET /api/meetings/:id', undefined, { id: meeting.id })
    expect(gone.body.code).toBe('not-found')
    expect(meeting.invited?.map(({ email }) => email)).toEqual([
      'carol@example.org',
      'dora@example.org',
    ])
    await change({ invited: ['bob@example.org'] })
    expect((await device.join(bob, meeting.id, world.clock.nowMs + 1000)).status).toBe(200)
  })

  it('of two changes at once one wins, and the other is told', async () => {
    const sequence = meeting.sequence
    const answers = await Promise.all([
      change({ sequence, title: 'One' }),
      change({ sequence, title: 'Two' }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const lost = answers.find(({ status }) => status === 409)
    expect(lost?.body.code).toBe('changed-meanwhile')
    expect(world.mails).toHaveLength(2)
    expect((await change({ sequence, title: 'Three' })).body.code).toBe('changed-meanwhile')
  })

  it('one that has begun keeps its start; title, people and end may change', async () => {
    world.clock.nowMs = LATER + 10 * MINUTE
    const moved = await change({ startsAt: new Date(LATER + 2 * HOUR).toISOString() })
    expect([moved.body.code, moved.body.field]).toEqual(['meeting-begun', 'startsAt'])
    const over = await change({ durationMin: 5 })
    expect([over.body.code, over.body.field]).toEqual(['invalid-duration', 'durationMin'])
    const { startsAt } = meeting
    expect((await change({ startsAt, title: 'Longer', durationMin: 120 })).status).toBe(200)
    expect(ended).toEqual([])
    world.clock.nowMs = LATER + 5 * HOUR
    expect((await change({ title: 'Late' })).body.code).toBe('not-allowed')
  })

  it('E4 one that is put off while the first are in ends for them', async () => {
    world.clock.nowMs = LATER - 10 * MINUTE
    await change({ startsAt: new Date(LATER + 24 * HOUR).toISOString() })
    expect(ended).toEqual([expect.objectContaining({ mid: meeting.id, reason: 'meeting-ended' })])
    const late = await new Device().join(bob, meeting.id, world.clock.nowMs)
    expect(late.body.code).toBe('meeting-not-open')
  })

  it('all that is wrong is told at once, and nothing is changed', async () => {
    const startsAt = new Date(START - 24 * HOUR).toISOString()
    const body = { title: ' ', startsAt, durationMin: 1, zone: 'Mars/Base', invited: ['x'] }
    const answer = await change(body)
    const problems = answer.body.problems as { field: string }[]
    expect(problems.map(({ field }) => field)).toEqual([
      'title',
      'startsAt',
      'durationMin',
      'zone',
      'invited.0',
    ])
    expect(
      (
        await change({
          invited: Array(301)
            .fill(0)
            .map((_, n) => `p${n}@x.org`),
        })
      ).body,
    ).toMatchObject({
      code: 'too-many-invited',
      field: 'invited',
    })
    expect(world.mails).toEqual([])
  })

  it('a cancelled one stays so, with a higher number; the log says who changed what', async () => {
    await change({ title: 'Committee', invited: [] })
    world.mails.length = 0
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id: meeting.id })
    expect((await change({ title: 'Again' })).body.code).toBe('not-allowed')
    expect(world.mails).toEqual([])
  })
})
