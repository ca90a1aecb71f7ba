/** Two administrators edit one thing: the second save over what its author has not seen is refused, and says whose it is. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type Answer, type Browser } from '../../test/browser.ts'
import type { Group, PersonPolicy } from '../contract/groups.ts'
import type { LetterWording } from '../contract/letters.ts'
import type { PersonPage } from '../contract/people.ts'
import type { Policy } from '../contract/policy.ts'
import { openWorld, plan, type World } from '../../test/world.ts'

let world: World
let root: Browser
let second: Browser
beforeEach(async () => {
  world = await openWorld()
  root = await world.administrator()
  second = (await world.person('second@example.org', 'administrator')).browser
})
afterEach(() => world.close())

interface Case {
  /** Reads the version that there is. */
  readonly version: (id: string) => Promise<number>
  readonly save: (who: Browser, version: number, text: string) => Promise<Answer>
  /** What is kept now. */
  readonly kept: () => Promise<unknown>
}

const read = async <T = Versioned>(path: string): Promise<T> =>
  (await root.call(`GET ${path}`)).body as T
interface Versioned {
  readonly version: number
}
const letters = '/api/admin/letters'

async function letterCase(): Promise<Case> {
  const welcome = async () =>
    (await read<{ letters: LetterWording[] }>(letters)).letters.find(
      ({ kind }) => kind === 'welcome',
    )!
  const { wording } = await welcome()
  return {
    version: async () => (await welcome()).version,
    save: (who, version, subject) => {
      const changed = { ...wording, en: { ...wording.en, subject } }
      return who.call(`PUT ${letters}/:id`, { version, wording: changed }, { id: 'welcome' })
    },
    kept: async () => (await welcome()).wording.en.subject,
  }
}

function areaCase(area: string, values: (text: string) => object): Case {
  const settings = () =>
    read<{ versions: Record<string, number>; settings: Record<string, unknown> }>(
      '/api/admin/settings',
    )
  return {
    version: async () => (await settings()).versions[area] ?? NaN,
    save: (who, version, text) =>
      who.call(`PUT /api/admin/settings/${area}`, { version, ...values(text) }),
    kept: async () => JSON.stringify((await settings()).settings[area]),
  }
}

function policyCase(): Case {
  const path = '/api/admin/policy'
  return {
    version: async () => (await read(path)).version,
    save: async (who, version, text) => {
      const policy = await read<Policy>(path)
      const open = { ...policy.profiles.open, mark: { text, colour: '#123456' } }
      return who.call(`PUT ${path}`, { ...policy, version, profiles: { ...policy.profiles, open } })
    },
    kept: async () => (await read<Policy>(path)).profiles.open.mark?.text,
  }
}

async function groupCase(): Promise<Case> {
  const body = { domains: [], restrictions: {} }
  const { id } = (await root.call('POST /api/admin/groups', { ...body, name: 'First' })).body
    .group as Group
  const group = async () => (await read<{ group: Group }>(`/api/admin/groups/${id}`)).group
  return {
    version: async () => (await group()).version,
    save: (who, version, name) =>
      who.call('PUT /api/admin/groups/:id', { ...body, version, name }, { id }),
    kept: async () => (await group()).name,
  }
}

async function personCase(): Promise<Case> {
  const { id } = (await world.person('ada@example.org')).account
  const path = `/api/admin/accounts/${id}`
  return {
    version: async () => (await read(path)).version,
    save: (who, version, lastName) =>
      who.call('PATCH /api/admin/accounts/:id', { version, lastName }, { id }),
    kept: async () => (await read<PersonPage>(path)).account.lastName,
  }
}

async function groupsOfPersonCase(): Promise<Case> {
  const { id } = (await world.person('ada@example.org')).account
  const path = `/api/admin/accounts/${id}`
  const ids = new Map<string, string>()
  for (const name of ['One', 'Two', 'Three']) {
    const body = { name, domains: [], restrictions: {} }
    ids.set(name, (await root.call('POST /api/admin/groups', body)).body.group.id as string)
  }
  return {
    version: async () => (await read(`${path}/policy`)).version,
    save: (who, version, name) => {
      const groups = [ids.get(name)]
      return who.call('PUT /api/admin/accounts/:id/groups', { version, groups }, { id })
    },
    kept: async () => (await read<PersonPolicy>(`${path}/policy`)).groups[0]?.name,
  }
}

const CASES: readonly [string, () => Case | Promise<Case>][] = [
  ['a letter', letterCase],
  ['mail settings', () => areaCase('mail', (senderName) => ({ senderName }))],
  ['branding', () => areaCase('branding', (name) => ({ name }))],
  ['a policy', policyCase],
  ['a group', groupCase],
  ['a person', personCase],
  ['the groups of a person', groupsOfPersonCase],
]

describe('U what two administrators edit at once', () => {
  it.each(CASES)(
    '%s is kept as the first saved it, until the second has seen that',
    async (_, make) => {
      const { version, save, kept } = await make()
      const before = await version('')
      expect(codeOf(await save(root, before, 'One'))).toBe('ok')
      const first = await kept()
      world.clock.nowMs += 60_000
      const refused = await save(second, before, 'Two')
      expect([refused.status, refused.body.code]).toEqual([409, 'changed-meanwhile'])
      const changed = refused.body.changed as { version: number }
      expect(changed).toEqual({
        version: await version(''),
        at: new Date(world.clock.nowMs - 60_000).toISOString(),
        by: 'root@example.org',
      })
      expect(await kept()).toEqual(first)
      expect(codeOf(await save(second, changed.version, 'Two'))).toBe('ok')
      expect(await kept()).not.toEqual(first)
    },
  )

  it('a save without a version is refused, also by an API token, and so is one by a token over a newer version', async () => {
    const asked = { name: 'Script', scopes: ['settings:write'] }
    const { secret } = (await root.call('POST /api/admin/api-tokens', asked)).body
    const nobody = world.browser()
    const put = (body: object) =>
      nobody.call('PUT /api/admin/settings/retention', body, {
        headers: { authorization: `Bearer ${secret}` },
      })
    const nameless = await put({ mailDays: 10 })
    expect([nameless.body.code, nameless.body.field]).toEqual(['bad-request', 'version'])
    const path = 'PUT /api/admin/settings/retention'
    expect(codeOf(await root.call(path, { version: 0, mailDays: 10 }))).toBe('ok')
    const refused = await put({ version: 0, mailDays: 20 })
    expect(refused.body).toMatchObject({
      code: 'changed-meanwhile',
      changed: { version: 1, by: 'root@example.org' },
    })
    expect(codeOf(await put({ version: 1, mailDays: 20 }))).toBe('ok')
    const next = await root.call(path, { version: 1, mailDays: 30 })
    expect(next.body.changed).toMatchObject({ version: 2, by: 'root@example.org (Script)' })
  })

  it('a meeting is changed by one rule with the rest: its version is its sequence', async () => {
    const { browser } = await world.person('ada@example.org', 'organiser')
    const { id, sequence } = await plan(browser, [])
    const change = (title: string) =>
      browser.call('PATCH /api/meetings/:id', { sequence, title }, { id })
    expect(codeOf(await change('One'))).toBe('ok')
    const { body } = await change('Two')
    expect(body).toMatchObject({
      code: 'changed-meanwhile',
      changed: { version: sequence + 1, by: 'ada@example.org' },
    })
  })

  it('somebody who was put into a group meanwhile is changed meanwhile', async () => {
    const { id } = (await world.person('ada@example.org')).account
    const { version } = await read(`/api/admin/accounts/${id}`)
    const group = { name: 'G', domains: [], restrictions: {} }
    const made = (await second.call('POST /api/admin/groups', group)).body.group
    const emails = ['ada@example.org']
    await second.call('POST /api/admin/groups/:id/members', { emails }, { id: made.id })
    const saved = await root.call(
      'PUT /api/admin/accounts/:id/groups',
      { version, groups: [] },
      { id },
    )
    expect(saved.body.changed.by).toBe('second@example.org')
  })

  it('what was refused before for its form names every field that is wrong', async () => {
    const body = { version: 0, mailDays: -1, meetingDays: 1.5 }
    const answer = await root.call('PUT /api/admin/settings/retention', body)
    expect(answer.body).toMatchObject({
      code: 'bad-request',
      field: 'meetingDays',
      problems: [{ field: 'meetingDays' }, { field: 'mailDays' }],
    })
  })
})
