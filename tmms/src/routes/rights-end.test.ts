/** T7 T8 rights that end while a request is under way: made of the description of the interface. */
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeOf, type Answer, type Browser } from '../../test/browser.ts'
import { Cast, type Member } from '../../test/cast.ts'
import { deedOf, type Deed } from '../../test/deeds.ts'
import { allOperations, type Operation } from '../../test/operations.ts'
import { openWorld, type World } from '../../test/world.ts'

const gate = await vi.hoisted(async () => new (await import('../../test/gate.ts')).Gate())
vi.mock(import('../store/store.ts'), async (original) => {
  const real = await original()
  return { ...real, openStore: async (...given) => gate.around(await real.openStore(...given)) }
})
// What is written of refusals is written after the answer, at any time: that is no transaction to hold.
vi.mock(import('../domain/audit/refusals.ts'), async (original) => {
  const { Refusals } = await original()
  class Beside extends Refusals {
    constructor(surroundings: ConstructorParameters<typeof Refusals>[0]) {
      super({ ...surroundings, store: gate.store })
    }
  }
  return { Refusals: Beside }
})

let world: World
let cast: Cast
let root: Browser
beforeAll(async () => {
  world = await openWorld()
  await world.administrator()
  cast = new Cast(world, () => gate.store)
  root = (await cast.member('administrator')).browser
})
afterAll(() => world.close())
beforeEach(() => {
  // What is tried here is rights, not what one network may ask in a second.
  world.clock.nowMs += 10_000
})

/** Somebody, and by what they are let in. */
interface Let {
  readonly actor: Member
  readonly token?: { readonly id: string; readonly secret: string }
}

const act = async (route: string, id: string, body: object = {}): Promise<void> => {
  const answer = await root.call(route, body, { id })
  expect(codeOf(answer)).toBe('ok')
}
const suspend = ({ actor }: Let) => act('POST /api/admin/accounts/:id/suspend', actor.id)
const IN_PERSON = {
  suspended: { end: suspend, code: 'signed-out' },
  deleted: {
    end: ({ actor: { id } }: Let) =>
      act('POST /api/admin/accounts/:id/delete', id, { meetings: 'cancel' }),
    code: 'signed-out',
  },
  'signed out': {
    end: ({ actor: { id } }: Let) => act('POST /api/admin/accounts/:id/sign-out', id),
    code: 'signed-out',
  },
  demoted: {
    end: ({ actor: { id } }: Let) =>
      act('PATCH /api/admin/accounts/:id', id, { version: 1, role: 'user' }),
    code: 'not-allowed',
  },
} as const
const BY_TOKEN = {
  'the token is revoked': {
    end: ({ token }: Let) => act('POST /api/admin/api-tokens/:id/revoke', token?.id ?? ''),
    code: 'token-unknown',
  },
  'the token expires': {
    end: () => {
      world.clock.nowMs += 1_000
      return Promise.resolve()
    },
    code: 'token-expired',
  },
  'whoever made it is suspended': { end: suspend, code: 'token-unknown' },
} as const

/** Whom a route without a session lets in has no right that could end. */
const writing = allOperations().filter(
  ({ method, path, roles }) =>
    !roles.includes('nobody') && (method !== 'GET' || path.endsWith('/export')),
)
const titled = (list: readonly Operation[]) => list.map((one) => [one.route, one] as const)
/** Those that only answer, or send one mail that nothing is kept of. */
const KEEP_NOTHING: ReadonlySet<string> = new Set([
  'POST /api/admin/accounts/check',
  'POST /api/admin/letters/:id/preview',
  'POST /api/admin/mail/test',
])
/** Refused to every API token, before anything is looked at. */
const NO_TOKEN = /\/settings\/(mail|passwords)$/
const keeping = writing.filter(({ route }) => !KEEP_NOTHING.has(route))

async function actorFor({ roles }: Operation): Promise<Member> {
  return cast.member(roles.includes('organiser') ? 'organiser' : 'administrator')
}

function ask(operation: Operation, { actor, token }: Let, deed: Deed): Promise<Answer> {
  const { body, ...options } = deed
  const { route } = operation
  const template = route.replace(/:\w+/, ':id')
  if (token === undefined) return actor.browser.call(template, body, options)
  const headers = { ...options.headers, authorization: `Bearer ${token.secret}` }
  return world.browser().call(template, body, { ...options, headers })
}

/** What the answer says, or what it says of the first of many. */
function outcomeOf(answer: Answer): string {
  const [first] = (answer.body?.results ?? []) as unknown[]
  const [problem] = [first].flat() as ({ code: string } | string | null | undefined)[]
  if (problem === null || problem === undefined) return codeOf(answer)
  return typeof problem === 'string' ? problem : problem.code
}

/** All that is kept, but for the log, which holds refusals, and for counts of tries, which are cleared away at any time. */
function kept(): Readonly<Record<string, unknown>> {
  const database = new DatabaseSync(join(world.dataDir, 'huisclos.db'), { readOnly: true })
  const query = "select name from sqlite_master where type = 'table' and name not like 'audit%'"
  const names = database.prepare(query).all() as { name: string }[]
  const lasting = names.filter(({ name }) => name !== 'limits')
  const tables = lasting.map(({ name }): [string, unknown] => [
    name,
    database.prepare(`select * from "${name}"`).all(),
  ])
  database.close()
  return Object.fromEntries(tables)
}

const deeds = async ({ id }: Member): Promise<string[]> => {
  await world.tmms.signCheckpoint()
  const { entries } = (await root.call(`GET /api/admin/audit?actor=${id}`)).body
  const actions = (entries as { action: string }[]).map(({ action }) => action)
  return actions.filter((action) => !action.endsWith('-refused'))
}

/** Admitted, held, and let go on once `end` is done. */
async function raced(operation: Operation, who: Let, end: (who: Let) => Promise<void>) {
  const deed = await deedOf(operation, { cast, actor: who.actor, nowMs: world.clock.nowMs })
  await world.tmms.sendDueMails()
  const held = gate.hold()
  const asking = ask(operation, who, deed)
  const first = await Promise.race([held.reached, asking])
  expect(first?.text ?? null).toBeNull()
  await end(who)
  await world.tmms.sendDueMails()
  const before = { kept: kept(), deeds: await deeds(who.actor) }
  held.release()
  const answer = await asking
  await world.tmms.sendDueMails()
  return { answer, before, after: { kept: kept(), deeds: await deeds(who.actor) } }
}

describe('every request that would change something, admitted and not yet begun', () => {
  it.each(titled(keeping))(
    '%s changes it, in the transaction that is held',
    async (_, operation) => {
      const actor = await actorFor(operation)
      const { answer, before, after } = await raced(operation, { actor }, () => Promise.resolve())
      // The version in a sample may be of the past: that is found out in the transaction, too.
      if (outcomeOf(answer) === 'changed-meanwhile') return
      expect(outcomeOf(answer)).toBe('ok')
      expect(after).not.toEqual(before)
    },
  )

  const inPerson = keeping.flatMap((one) =>
    Object.keys(IN_PERSON).map((how) => [one.route, how as keyof typeof IN_PERSON, one] as const),
  )
  it.each(inPerson)('%s does nothing once its sender is %s', async (_, how, operation) => {
    const { end, code } = IN_PERSON[how]
    const actor = await actorFor(operation)
    const { answer, before, after } = await raced(operation, { actor }, end)
    expect(outcomeOf(answer)).toBe(code)
    expect(after).toEqual(before)
  })

  const byToken = keeping
    .filter(({ scope, route }) => scope !== null && !NO_TOKEN.test(route))
    .flatMap((one) =>
      Object.keys(BY_TOKEN).map((how) => [one.route, how as keyof typeof BY_TOKEN, one] as const),
    )
  it.each(byToken)('%s by an API token does nothing once %s', async (_, how, operation) => {
    const { end, code } = BY_TOKEN[how]
    const actor = await cast.member('administrator')
    const token = await cast.token(actor.id)
    const { answer, before, after } = await raced(operation, { actor, token }, end)
    expect(outcomeOf(answer)).toBe(code)
    expect(after).toEqual(before)
  })
})
