import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { naiveConsistency, naiveInclusion, naiveRoot } from '../../test/naive-tree.ts'
import type { AuditEntry } from '../contract/audit.ts'
import { readLine } from '../domain/audit/line.ts'
import { openNote, readKeyLine, readNote } from '../domain/audit/note.ts'
import { ORIGIN, type Browser } from '../../test/browser.ts'
import { MINUTE, START, openWorld, type World } from '../../test/world.ts'

let world: World
let admin: Browser
let user: Browser
beforeAll(async () => {
  world = await openWorld()
  admin = await world.administrator()
  user = (await world.person('ada@example.org')).browser
})
afterAll(() => world.close())

const list = async (query: string) => {
  const { body } = await admin.call(`GET /api/admin/audit?${query}`)
  return body as { entries: AuditEntry[]; next: string | null }
}

describe('the export', () => {
  test('is every line and a checkpoint over them, and holds the entry that says so', async () => {
    const answer = await admin.call('GET /api/admin/audit/export')
    expect(answer.headers.get('content-type')).toContain('application/jsonl')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename=audit-\d+\.jsonl$/,
    )
    const lines = answer.text.split('\n')
    expect(lines.at(-1)).toBe('')
    const last = JSON.parse(lines.at(-2) ?? '') as { checkpoint: string }
    const entries = lines.slice(0, -2)
    const { body: state } = await admin.call('GET /api/admin/audit/state')
    const head = openNote(last.checkpoint, readKeyLine(state.key as string)!)
    expect(head).toEqual({
      origin: `${new URL(ORIGIN).host}/audit`,
      size: entries.length,
      root: naiveRoot(entries),
    })
    expect(readLine(entries.at(-1) ?? '')?.entry).toMatchObject({
      action: 'export',
      actor: { kind: 'account', name: 'root@example.org' },
      details: { what: 'audit' },
    })
  })
})

describe('what anybody signed in may ask', () => {
  test('the newest checkpoint, and a proof from any smaller size, which a second model has alike', async () => {
    const lines = (await admin.call('GET /api/admin/audit/export')).text.split('\n').slice(0, -2)
    const { body } = await user.call('GET /api/audit/checkpoint')
    const { size, root } = readNote(body.checkpoint as string)!
    expect([size, root]).toEqual([lines.length, naiveRoot(lines)])
    for (const from of [1, 2, 5, size - 1, size]) {
      const answer = await user.call(`GET /api/audit/consistency?from=${from}&to=${size}`)
      const proof = naiveConsistency(from, lines).map((hash) => hash.toString('base64'))
      expect(answer.body).toEqual({ proof })
    }
  })

  test.each(['from=3&to=2', 'from=0&to=99999', 'from=-1&to=2', 'from=1', 'from=1e3&to=2', 'to=1'])(
    'no proof for %s',
    async (query) => {
      const answer = await user.call(`GET /api/audit/consistency?${query}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'bad-request'])
    },
  )
})

describe('the list', () => {
  test('is paged without a gap, newest first', async () => {
    const all = (await list('limit=100')).entries
    const paged: AuditEntry[] = []
    let cursor = ''
    for (;;) {
      const page = await list(`limit=3${cursor}`)
      paged.push(...page.entries)
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    expect(paged).toEqual(all)
    expect(all.map(({ n }) => n)).toEqual(all.map((_, at) => all.length - 1 - at))
  })

  test('is narrowed by action, actor, object, time and text', async () => {
    const invited = (await list('action=account-invited')).entries
    expect(invited.map(({ object }) => object.name)).toEqual(['ada@example.org'])
    const [one] = invited
    const query = `actor=${one?.actor.id}&object=${one?.object.id}&q=ADA`
    expect((await list(query)).entries.map(({ action }) => action)).toEqual(['account-invited'])
    const later = new Date(START + MINUTE).toISOString()
    expect((await list(`since=${later}`)).entries).toEqual([])
    expect((await list(`until=${later}&action=setup`)).entries).toHaveLength(1)
    expect((await list('q=nobody-is-called-so')).entries).toEqual([])
  })

  test.each(['action=nothing', 'cursor=x', 'limit=0', 'since=yesterday', `q=${'x'.repeat(201)}`])(
    'refuses %s',
    async (query) => {
      const answer = await admin.call(`GET /api/admin/audit?${query}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'bad-request'])
    },
  )
})

describe('one entry', () => {
  test('comes with the proof that the checkpoint covers it', async () => {
    const lines = (await admin.call('GET /api/admin/audit/export')).text.split('\n').slice(0, -2)
    const answer = await admin.call('GET /api/admin/audit/entries/:id', undefined, { id: '2' })
    const proof = naiveInclusion(2, lines).map((hash) => hash.toString('base64'))
    expect(answer.body).toMatchObject({ line: lines[2], proof })
    const none = await admin.call('GET /api/admin/audit/entries/:id', undefined, { id: '99999' })
    expect(none.body.code).toBe('not-found')
  })
})
