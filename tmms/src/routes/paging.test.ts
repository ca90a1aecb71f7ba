import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountRow } from '../contract/people.ts'
import type { Meeting } from '../contract/meetings.ts'
import type { Browser } from '../../test/browser.ts'
import { openWorld, plan, type World } from '../../test/world.ts'

let world: World
let admin: Browser
beforeAll(async () => {
  world = await openWorld()
  admin = await world.administrator()
  for (let n = 0; n < 12; n += 1) {
    // Several of one moment: the id decides between them.
    world.clock.nowMs += n % 4 === 0 ? 1000 : 0
    await admin.call('POST /api/admin/accounts', {
      email: `p${n}@x.org`,
      role: 'user',
      language: 'en',
    })
    await plan(admin, [], { title: `Meeting ${n}` })
  }
})
afterAll(() => world.close())

async function pages(route: string, name: string): Promise<readonly (readonly unknown[])[]> {
  const all: (readonly unknown[])[] = []
  let next = ''
  do {
    const answer = await admin.call(`${route}${next}`)
    expect(answer.status).toBe(200)
    all.push(answer.body[name] as unknown[])
    next = answer.body.next === null ? '' : `&cursor=${answer.body.next as string}`
  } while (next !== '')
  return all
}

describe('lists come page by page', () => {
  it('each account once, newest first, whatever the length of a page', async () => {
    const whole = (
      await pages('GET /api/admin/accounts?limit=100', 'accounts')
    ).flat() as AccountRow[]
    expect(whole).toHaveLength(13)
    for (const limit of [1, 4, 12, 13]) {
      const some = await pages(`GET /api/admin/accounts?limit=${limit}`, 'accounts')
      expect(some.slice(0, -1).every((page) => page.length === limit)).toBe(true)
      expect(some.flat()).toEqual(whole)
    }
  })

  it('what is looked for is found behind pages of others', async () => {
    const found = await pages('GET /api/admin/accounts?limit=1&q=P1', 'accounts')
    const emails = (found.flat() as AccountRow[]).map(({ email }) => email).toSorted()
    expect(emails).toEqual(['p10@x.org', 'p11@x.org', 'p1@x.org'].toSorted())
  })

  it('each meeting once, soonest first', async () => {
    const whole = (await pages('GET /api/meetings?limit=100', 'meetings')).flat() as Meeting[]
    expect(whole).toHaveLength(12)
    expect((await pages('GET /api/meetings?limit=5', 'meetings')).flat()).toEqual(whole)
  })

  it.each(['cursor=x', 'cursor=1.2', 'cursor=', 'limit=0', 'limit=101', 'limit=a', 'limit=-1'])(
    'refuses %s',
    async (query) => {
      const answer = await admin.call(`GET /api/meetings?${query}`)
      const field = query.split('=')[0]
      expect([answer.status, answer.body]).toMatchObject([400, { code: 'bad-request', field }])
    },
  )
})
