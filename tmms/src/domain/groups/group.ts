/** Groups: making, changing and deleting them. */
import type { GroupBody } from '../../contract/groups.ts'
import type { GroupId } from '../../contract/ids.ts'
import { GROUP_NAME_MAX_CHARACTERS } from '../../contract/limits.ts'
import { TmmsError } from '../../errors.ts'
import type { GroupRecord } from '../../store/groups.ts'
import type { Rows } from '../../store/store.ts'
import { cleanLine } from '../accounts/clean-line.ts'
import { normaliseEmail } from '../accounts/email.ts'
import type { Actor } from '../audit/actor.ts'
import { differences } from '../audit/differences.ts'
import { requireInPerson } from '../audit/in-person.ts'
import { record } from '../audit/record.ts'
import { checkAll, checkEach } from '../check-all.ts'
import type { Context } from '../context.ts'
import { pageOf, placeOf, type Page, type PageRequest } from '../paging.ts'
import { plainText } from '../plain-text.ts'
import { readRestrictions } from '../policy/people.ts'
import { makeId } from '../secret.ts'
import { requireUnchanged } from '../versions.ts'

/** Oldest first. */
export async function listGroups(
  { store }: Context,
  { cursor, limit }: PageRequest,
): Promise<Page<GroupRecord>> {
  const rows = await store.groups.page(placeOf(cursor), limit + 1)
  return pageOf(rows, limit, ({ createdAt, id }) => ({ atMs: createdAt, id }))
}

/**
 * @throws {TmmsError} `invalid-name`, `invalid-domain` at `domains.<index>`, `group-exists`; `token-scope` when an API token
 * would restrict an administrator, or lift it.
 */
export async function makeGroup(
  context: Context,
  actor: Actor,
  body: GroupBody,
): Promise<GroupRecord> {
  const wanted = checked(body)
  const group = { ...wanted, id: makeId() as GroupId, createdAt: context.now(), version: 1 }
  await context.store.atomically(async (rows) => {
    await requireNewName(rows, wanted.plainName, null)
    await rows.groups.add(group)
    await requireMay(rows, actor, group)
    await recorded(context, rows, { actor, action: 'group-created', group })
  })
  return group
}

/** @throws {TmmsError} as `makeGroup`, `not-found`, `changed-meanwhile`. */
export async function changeGroup(
  context: Context,
  actor: Actor,
  { id, version, ...body }: GroupBody & { readonly id: GroupId; readonly version: number },
): Promise<GroupRecord> {
  const wanted = checked(body)
  return context.store.atomically(async (rows) => {
    const before = await groupOf(rows, id)
    await requireMay(rows, actor, before)
    await requireUnchanged(rows, { kind: 'group', id }, { is: before.version, basedOn: version })
    await requireNewName(rows, wanted.plainName, id)
    await rows.groups.change(id, wanted)
    const group = { ...before, ...wanted, version: before.version + 1 }
    await requireMay(rows, actor, group)
    const details = differences(factsOf(before), factsOf(group))
    const deed = { action: 'group-changed', object: groupObject(group), details } as const
    await record(rows, actor, context.now(), deed)
    return group
  })
}

/** @throws {TmmsError} `not-found`, `token-scope`. */
export async function deleteGroup(context: Context, actor: Actor, id: GroupId): Promise<void> {
  await context.store.atomically(async (rows) => {
    const group = await groupOf(rows, id)
    await requireMay(rows, actor, group)
    await rows.groups.remove(id)
    await recorded(context, rows, { actor, action: 'group-deleted', group })
  })
}

/** @throws {TmmsError} `not-found`. */
export async function groupOf({ groups }: Rows, id: GroupId): Promise<GroupRecord> {
  const group = await groups.byId(id)
  if (group === undefined) throw new TmmsError('not-found', 'There is no such group.')
  return group
}

function groupObject({ id, name }: Pick<GroupRecord, 'id' | 'name'>) {
  return { kind: 'group', id, name } as const
}

function checked({ name, domains, restrictions }: GroupBody) {
  const valid = checkAll({
    name: () => groupName(name),
    domains: () => checkEach(domains, (text, index) => domainOf(text, `domains.${index}`)),
  })
  return {
    name: valid.name,
    domains: [...new Set(valid.domains)].toSorted(),
    plainName: plainText(valid.name),
    restrictions: JSON.stringify(restrictions),
  }
}

function groupName(text: string): string {
  const name = cleanLine(text)
  if (name.length <= GROUP_NAME_MAX_CHARACTERS && /[\p{L}\p{N}]/u.test(name)) return name
  throw new TmmsError(
    'invalid-name',
    `The name of a group has 1 to ${GROUP_NAME_MAX_CHARACTERS} characters.`,
    { field: 'name' },
  )
}

/** As it stands behind the @ of addresses that are kept; people may write it with the @. */
function domainOf(text: string, field: string): string {
  try {
    const email = normaliseEmail(`a@${text.trim().replace(/^@/, '')}`)
    return email.slice(2)
  } catch {
    throw new TmmsError('invalid-domain', 'This is no domain of e-mail addresses.', { field })
  }
}

// What a group restricts, it restricts for the administrators in it.
async function requireMay(rows: Rows, actor: Actor, group: Pick<GroupRecord, 'id'>): Promise<void> {
  if (await rows.groups.hasAdministrator(group.id)) requireInPerson(actor)
}

async function requireNewName(rows: Rows, plainName: string, own: GroupId | null): Promise<void> {
  const other = await rows.groups.byPlainName(plainName)
  if (other === undefined || other.id === own) return
  throw new TmmsError('group-exists', 'There is a group of this name already.', { field: 'name' })
}

function factsOf(group: GroupRecord) {
  return { name: group.name, ...readRestrictions(group), domains: [...group.domains] }
}

async function recorded(
  context: Context,
  rows: Rows,
  deed: {
    readonly actor: Actor
    readonly action: 'group-created' | 'group-deleted'
    readonly group: GroupRecord
  },
): Promise<void> {
  const { actor, action, group } = deed
  const details = factsOf(group)
  await record(rows, actor, context.now(), { action, object: groupObject(group), details })
}
