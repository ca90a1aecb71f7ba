/** Groups and what they restrict, and the profiles of meetings. */
import type { Group } from '../contract/groups.ts'
import { changeGroup, deleteGroup, groupOf, listGroups, makeGroup } from '../domain/groups/group.ts'
import {
  addMembers,
  listMembers,
  policyOf,
  removeMember,
  setGroupsOf,
} from '../domain/groups/members.ts'
import { offeredTo } from '../domain/policy/meetings.ts'
import { explainPerson, readRestrictions } from '../domain/policy/people.ts'
import { changePolicy, readPolicy } from '../domain/policy/profiles.ts'
import { invitableBy } from '../domain/security/domains.ts'
import type { GroupRecord, GroupStore } from '../store/groups.ts'
import { endpoint } from './endpoint.ts'
import { accountReply } from './reply.ts'

const groups = {
  'GET /api/admin/groups': endpoint<'GET /api/admin/groups'>({
    handle: async ({ services: { context }, query }) => {
      const { rows, next } = await listGroups(context, query)
      return { groups: await shown(context.store.groups, rows), next }
    },
  }),
  'POST /api/admin/groups': endpoint<'POST /api/admin/groups'>({
    handle: async ({ services: { context }, actor, body }) =>
      one(context.store.groups, await makeGroup(context, actor, body)),
  }),
  'GET /api/admin/groups/:id': endpoint<'GET /api/admin/groups/:id'>({
    handle: async ({ services: { context }, path }) =>
      one(context.store.groups, await groupOf(context.store, path.id)),
  }),
  'PUT /api/admin/groups/:id': endpoint<'PUT /api/admin/groups/:id'>({
    handle: async ({ services: { context }, actor, path: { id }, body }) =>
      one(context.store.groups, await changeGroup(context, actor, { id, ...body })),
  }),
  'POST /api/admin/groups/:id/delete': endpoint<'POST /api/admin/groups/:id/delete'>({
    handle: async ({ services: { context }, actor, path }) => {
      await deleteGroup(context, actor, path.id)
      return {}
    },
  }),
}

const people = {
  'GET /api/admin/groups/:id/members': endpoint<'GET /api/admin/groups/:id/members'>({
    handle: async ({ services: { context }, path, query }) => {
      const { rows, ...page } = await listMembers(context, path.id, query)
      const members = rows.map(({ account, by }) => ({ account: accountReply(account), by }))
      return { members, ...page }
    },
  }),
  'POST /api/admin/groups/:id/members': endpoint<'POST /api/admin/groups/:id/members'>({
    handle: ({ services: { context }, actor, path: { id }, body: { emails } }) =>
      addMembers(context, actor, { id, emails }),
  }),
  'POST /api/admin/groups/:id/members/remove':
    endpoint<'POST /api/admin/groups/:id/members/remove'>({
      handle: async ({ services: { context }, actor, path: { id }, body: { account } }) => {
        await removeMember(context, actor, { id, account })
        return {}
      },
    }),
  'GET /api/admin/accounts/:id/policy': endpoint<'GET /api/admin/accounts/:id/policy'>({
    handle: ({ services: { context }, path }) => policyOf(context, path.id),
  }),
  'PUT /api/admin/accounts/:id/groups': endpoint<'PUT /api/admin/accounts/:id/groups'>({
    handle: async ({ services: { context }, actor, path, body }) => {
      await setGroupsOf(context, actor, { account: path.id, ...body })
      return policyOf(context, path.id)
    },
  }),
}

const profiles = {
  'GET /api/admin/policy': endpoint<'GET /api/admin/policy'>({
    handle: ({ services }) => readPolicy(services.context.store),
  }),
  'PUT /api/admin/policy': endpoint<'PUT /api/admin/policy'>({
    handle: ({ services, actor, body }) => changePolicy(services.context, actor, body),
  }),
  'GET /api/policy': endpoint<'GET /api/policy'>({
    handle: async ({ services: { context }, account }) => {
      return {
        switches: await explainPerson(context.store, account),
        ...(await offeredTo(context.store, account)),
        invitable: await invitableBy(context.store, account),
      }
    },
  }),
}

export const groupRoutes = { ...groups, ...people, ...profiles }

async function one(store: GroupStore, record: GroupRecord): Promise<{ group: Group }> {
  const [group] = await shown(store, [record])
  return { group: group as Group }
}

async function shown(store: GroupStore, records: readonly GroupRecord[]): Promise<Group[]> {
  const counts = await store.counts(records.map(({ id }) => id))
  return records.map((record) => ({
    id: record.id,
    name: record.name,
    domains: record.domains,
    restrictions: readRestrictions(record),
    members: counts.get(record.id) ?? 0,
    createdAt: new Date(record.createdAt).toISOString(),
    version: record.version,
  }))
}
