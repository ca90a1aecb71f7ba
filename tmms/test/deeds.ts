/** For every route that changes something: a request that does change something. */
import type { Cast, Member } from './cast.ts'
import type { CallOptions } from './browser.ts'
import { Device } from './device.ts'
import type { Operation } from './operations.ts'
import { plan } from './world.ts'
import { pngOf } from './png.ts'

export interface Deed extends CallOptions {
  readonly body?: unknown
}

interface Scene {
  readonly cast: Cast
  readonly actor: Member
  readonly nowMs: number
}

type Setting = (scene: Scene) => Promise<Deed>

/** The body is the sample of docs/protocol.md where it fits. */
export async function deedOf({ route, path, sample }: Operation, scene: Scene): Promise<Deed> {
  const found = DEEDS[route] ?? OBJECTS.find(([part]) => path.includes(part))?.[1]
  return { body: sample, ...(await found?.(scene)) }
}

const person: Setting = async ({ cast }) => ({ id: (await cast.member('user')).id })
const invited: Setting = async ({ cast }) => ({ id: (await cast.member('user', 'invited')).id })
const group: Setting = async ({ cast }) => ({ id: await cast.group() })
const mail: Setting = async ({ cast }) => ({ id: await cast.mail() })
const letter: Setting = () => Promise.resolve({ id: 'cancellation' })

async function meeting(
  organiser: Member,
  nowMs: number,
  guests: readonly Member[] = [],
): Promise<Deed> {
  const startsAt = new Date(nowMs).toISOString()
  const invited = guests.map(({ email }) => email)
  return { id: (await plan(organiser.browser, invited, { startsAt })).id }
}

const OBJECTS: readonly (readonly [string, Setting])[] = [
  ['/admin/accounts/:id', person],
  ['/admin/groups/:id', group],
  ['/admin/mail/queue/:id', mail],
  ['/admin/letters/:id', letter],
  [
    '/admin/meetings/:id',
    async ({ cast, nowMs }) => meeting(await cast.member('organiser'), nowMs),
  ],
  ['/meetings/:id', ({ actor, nowMs }) => meeting(actor, nowMs)],
]

const PNG = pngOf(256, 80)

const DEEDS: Readonly<Record<string, Setting>> = {
  'PATCH /api/me': () => Promise.resolve({ body: { language: 'fr' } }),
  'POST /api/admin/accounts': ({ cast }) =>
    Promise.resolve({ body: invitation(cast.fresh('guest')) }),
  'POST /api/admin/accounts/invite': ({ cast }) =>
    Promise.resolve({ body: { people: [invitation(cast.fresh('guest'))] } }),
  'POST /api/admin/accounts/bulk': async ({ cast }) => {
    const { id } = await cast.member('user')
    return { body: { ids: [id], action: { do: 'suspend' } } }
  },
  'POST /api/admin/accounts/:id/invite': invited,
  'POST /api/admin/accounts/:id/withdraw': invited,
  'POST /api/admin/accounts/:id/resume': async ({ cast }) => ({
    id: (await cast.member('user', 'disabled')).id,
  }),
  'POST /api/admin/accounts/:id/delete': async (scene) => ({
    ...(await person(scene)),
    body: { meetings: 'cancel' },
  }),
  'PATCH /api/admin/accounts/:id': async (scene) => ({
    ...(await person(scene)),
    body: { version: 1, firstName: 'Augusta' },
  }),
  'PUT /api/admin/accounts/:id/groups': async (scene) => ({
    ...(await person(scene)),
    body: { version: 1, groups: [await scene.cast.group()] },
  }),
  'POST /api/admin/groups': ({ cast }) => Promise.resolve({ body: groupBody(cast) }),
  'PUT /api/admin/groups/:id': async (scene) => ({
    ...(await group(scene)),
    body: { version: 1, ...groupBody(scene.cast) },
  }),
  'POST /api/admin/groups/:id/members': async (scene) => ({
    ...(await group(scene)),
    body: { emails: [(await scene.cast.member('user')).email] },
  }),
  'POST /api/admin/groups/:id/members/remove': async ({ cast }) => {
    const { id: account } = await cast.member('user')
    return { id: await cast.group([account]), body: { account } }
  },
  'PUT /api/admin/settings/:area': ({ cast }) => {
    const days = Number(cast.fresh('1').split('-')[1])
    return Promise.resolve({ id: 'retention', body: { mailDays: 30 + days } })
  },
  'POST /api/admin/mail/retry': mail,
  'PUT /api/admin/branding/logo': () =>
    Promise.resolve({ raw: new Uint8Array(PNG), headers: { 'content-type': 'image/png' } }),
  'POST /api/admin/api-tokens/:id/revoke': async ({ cast }) => ({
    id: (await cast.token((await cast.member('administrator')).id)).id,
  }),
  'POST /api/admin/meetings/:id/organiser': async ({ cast, nowMs }) => ({
    ...(await meeting(await cast.member('organiser'), nowMs)),
    body: { sequence: 0, to: (await cast.member('organiser')).id },
  }),
  'POST /api/meetings': ({ nowMs }) => {
    const startsAt = new Date(nowMs + 3_600_000).toISOString()
    const invited = ['guest@cast.example']
    return Promise.resolve({ body: { title: 'Held', startsAt, durationMin: 30, invited } })
  },
  'PATCH /api/meetings/:id': async ({ actor, nowMs }) => ({
    ...(await meeting(actor, nowMs)),
    body: { sequence: 0, title: 'Changed' },
  }),
  'POST /api/meetings/:id/invite': async ({ cast, actor, nowMs }) => ({
    ...(await meeting(actor, nowMs)),
    body: { invited: [`${cast.fresh('guest')}@cast.example`] },
  }),
  'POST /api/meetings/:id/exclude': async ({ cast, actor, nowMs }) => {
    const guest = await cast.member('user')
    return { ...(await meeting(actor, nowMs, [guest])), body: { sub: guest.id } }
  },
  'POST /api/meetings/:id/join': async ({ actor, nowMs }) => {
    const { id = '' } = await meeting(actor, nowMs)
    return { id, headers: { dpop: await new Device().prove(id, nowMs) } }
  },
}

function invitation(name: string) {
  return { email: `${name}@cast.example`, role: 'user', language: 'en' }
}

function groupBody(cast: Cast) {
  return { name: cast.fresh('group'), domains: [], restrictions: { organise: false } }
}
