import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Browser } from '../../test/browser.ts'
import { openWorld, type World } from '../../test/world.ts'
import { ROUTES } from '../contract/routes.ts'

let world: World
let admin: Browser
beforeAll(async () => {
  world = await openWorld()
  admin = await world.administrator()
})
afterAll(() => world.close())

const NOUNS: Readonly<Record<string, string>> = {
  'admin/accounts': 'account',
  'admin/api-tokens': 'API token',
  'admin/audit': 'entry',
  'admin/groups': 'group',
  'admin/letters': 'mail',
  'admin/mail': 'mail',
  'admin/meetings': 'meeting',
}
const withId = Object.keys(ROUTES).filter((route) => route.includes('/:id'))
const reading = withId.filter((route) => route.startsWith('GET '))

it.each(withId)('%s calls a strange id by the name of its own object', async (route) => {
  const reads = route.startsWith('GET ')
  const answer = await admin.call(route, reads ? undefined : {}, { id: '1e3' })
  const area = /\/api\/(admin\/[\w-]+)/.exec(route)?.[1] ?? ''
  const what = area === '' ? 'meeting for you' : NOUNS[area]
  expect(answer.body).toEqual({ code: 'not-found', message: `There is no such ${what}.` })
})

it.each(reading)('%s says the same of an unknown id', async (route) => {
  const strange = await admin.call(route, undefined, { id: 'x' })
  const id = route.includes('/audit/') ? '999999' : 'A'.repeat(22)
  expect((await admin.call(route, undefined, { id })).body).toEqual(strange.body)
})

it('an area of the settings that does not exist is no meeting', async () => {
  const answer = await admin.call('PUT /api/admin/settings/nope', { version: 0 })
  expect(answer.body).toEqual({ code: 'not-found', message: 'There is no such route.' })
})
