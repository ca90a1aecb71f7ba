/** Groups of people, what they restrict, and the profiles of meetings. */
import { z } from 'zod'
import { account } from './accounts.ts'
import { accountId, groupId } from './ids.ts'
import { ADDRESSES_MAX, GROUP_DOMAINS_MAX, SEARCH_MAX_CHARACTERS } from './limits.ts'
import { explained, mark, meetingSwitches, policy, profileName, restrictions } from './policy.ts'
import { own } from './rights.ts'
import { next, nothing, pageQuery, text, time, version, type RouteShape } from './route.ts'
import { invitable } from './security.ts'

const belongs = z.enum(['hand', 'domain'])

export const group = z
  .strictObject({
    id: groupId,
    name: z.string(),
    /** Whoever has an address in one of them belongs to the group, today and later. */
    domains: z.array(z.string()).readonly(),
    restrictions,
    /** People who belong to it by hand. */
    members: z.int(),
    createdAt: time,
    version,
  })
  .readonly()
export type Group = z.infer<typeof group>

const groupBody = z.strictObject({
  name: text,
  domains: z.array(text).max(GROUP_DOMAINS_MAX).readonly(),
  restrictions,
})
export type GroupBody = z.infer<typeof groupBody>

/** Somebody of a group: by hand, or because of the domain. */
export const groupMember = z.strictObject({ account, by: belongs }).readonly()
export type GroupMember = z.infer<typeof groupMember>

/** What is restricted for somebody, and why. */
export const personPolicy = z
  .strictObject({
    groups: z
      .array(z.strictObject({ id: groupId, name: z.string(), by: belongs }).readonly())
      .readonly(),
    switches: z.array(explained).readonly(),
    /** Of the account. */
    version,
  })
  .readonly()
export type PersonPolicy = z.infer<typeof personPolicy>

export const offeredProfile = z
  .strictObject({
    name: profileName,
    switches: meetingSwitches,
    mark: mark.nullable(),
  })
  .readonly()
export type OfferedProfile = z.infer<typeof offeredProfile>

const path = z.strictObject({ id: groupId })
const ofAccount = z.strictObject({ id: accountId })
const oneGroup = z.strictObject({ group })

const reads = { who: 'administrator', scope: 'people:read' } as const
const writes = { who: 'administrator', scope: 'people:write' } as const
const readsPolicy = { who: 'administrator', scope: 'settings:read' } as const
const writesPolicy = { who: 'administrator', scope: 'settings:write' } as const

export const groupRoutes = {
  'GET /api/admin/groups': {
    ...reads,
    about: 'Groups, oldest first.',
    query: pageQuery,
    reply: z.strictObject({ groups: z.array(group).readonly(), next }),
  },
  'POST /api/admin/groups': {
    ...writes,
    about: 'Makes a group.',
    body: groupBody,
    reply: oneGroup,
  },
  'GET /api/admin/groups/:id': {
    ...reads,
    about: 'One group.',
    path,
    reply: oneGroup,
  },
  'PUT /api/admin/groups/:id': {
    ...writes,
    about: 'Replaces what a group is.',
    path,
    body: groupBody.extend({ version }),
    reply: oneGroup,
  },
  'POST /api/admin/groups/:id/delete': {
    ...writes,
    about: 'Deletes a group. What it restricted is restricted no longer.',
    path,
    body: nothing,
    reply: nothing,
  },
  'GET /api/admin/groups/:id/members': {
    ...reads,
    about:
      'Who belongs to a group, by name. The words of `q` are sought as in the list of accounts. ' +
      '`total` is null when counting would take too long.',
    path,
    query: pageQuery.extend({ q: z.string().max(SEARCH_MAX_CHARACTERS).default('') }),
    reply: z.strictObject({
      members: z.array(groupMember).readonly(),
      next,
      total: z.int().nonnegative().nullable(),
    }),
  },
  'POST /api/admin/groups/:id/members': {
    ...writes,
    about:
      'Adds people by the addresses of accounts. `unknown` are those that have none; the others ' +
      'were added.',
    path,
    body: z.strictObject({ emails: z.array(text).max(ADDRESSES_MAX).readonly() }),
    reply: z.strictObject({ added: z.int(), unknown: z.array(z.string()).readonly() }),
  },
  'POST /api/admin/groups/:id/members/remove': {
    ...writes,
    about: 'Takes somebody out who belongs by hand.',
    path,
    body: z.strictObject({ account: accountId }),
    reply: nothing,
  },
  'GET /api/admin/accounts/:id/policy': {
    ...reads,
    about: 'What is restricted for somebody, and by which groups.',
    path: ofAccount,
    reply: personPolicy,
  },
  'PUT /api/admin/accounts/:id/groups': {
    ...writes,
    about:
      'To which groups somebody belongs by hand, all of them. `version` is that of the account.',
    path: ofAccount,
    body: z.strictObject({ version, groups: z.array(groupId).max(1000).readonly() }),
    reply: personPolicy,
  },
  'GET /api/admin/policy': {
    ...readsPolicy,
    about: 'The profiles of meetings.',
    reply: policy,
  },
  'PUT /api/admin/policy': {
    ...writesPolicy,
    about: 'Replaces the profiles of meetings.',
    body: policy,
    reply: policy,
  },
  'GET /api/policy': {
    ...own,
    about:
      'What is restricted for oneself, the profiles that one may plan with, and the domains that one may invite; null: every one.',
    reply: z.strictObject({
      switches: z.array(explained).readonly(),
      preset: profileName,
      profiles: z.array(offeredProfile).readonly(),
      invitable: invitable.nullable(),
    }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
