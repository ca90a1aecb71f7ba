/** Groups of people, what they restrict, and the profiles of meetings. Administrators, but for `GET /api/policy`. */
import { z } from 'zod'
import { account } from './accounts.ts'
import { accountId, groupId } from './ids.ts'
import { ADDRESSES_MAX, GROUP_DOMAINS_MAX } from './limits.ts'
import { explained, mark, meetingSwitches, policy, profileName, restrictions } from './policy.ts'
import { next, nothing, pageQuery, text, time, type RouteShape } from './route.ts'

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

export const groupRoutes = {
  /** Oldest first. */
  'GET /api/admin/groups': {
    query: pageQuery,
    reply: z.strictObject({ groups: z.array(group).readonly(), next }),
  },
  'POST /api/admin/groups': { body: groupBody, reply: oneGroup },
  'GET /api/admin/groups/:id': { path, reply: oneGroup },
  'PUT /api/admin/groups/:id': { path, body: groupBody, reply: oneGroup },
  /** What it restricted is restricted no longer. */
  'POST /api/admin/groups/:id/delete': { path, body: nothing, reply: nothing },
  /** Newest accounts first. */
  'GET /api/admin/groups/:id/members': {
    path,
    query: pageQuery,
    reply: z.strictObject({ members: z.array(groupMember).readonly(), next }),
  },
  /** By the addresses of accounts. `unknown` are those that have none; the others were added. */
  'POST /api/admin/groups/:id/members': {
    path,
    body: z.strictObject({ emails: z.array(text).max(ADDRESSES_MAX).readonly() }),
    reply: z.strictObject({ added: z.int(), unknown: z.array(z.string()).readonly() }),
  },
  'POST /api/admin/groups/:id/members/remove': {
    path,
    body: z.strictObject({ account: accountId }),
    reply: nothing,
  },
  'GET /api/admin/accounts/:id/policy': { path: ofAccount, reply: personPolicy },
  /** To which groups somebody belongs by hand, all of them. */
  'PUT /api/admin/accounts/:id/groups': {
    path: ofAccount,
    body: z.strictObject({ groups: z.array(groupId).max(1000).readonly() }),
    reply: personPolicy,
  },
  'GET /api/admin/policy': { reply: policy },
  'PUT /api/admin/policy': { body: policy, reply: policy },
  /** Whoever is signed in: what is restricted for oneself, and the profiles that one may plan with. */
  'GET /api/policy': {
    reply: z.strictObject({
      switches: z.array(explained).readonly(),
      preset: profileName,
      profiles: z.array(offeredProfile).readonly(),
    }),
  },
} as const satisfies Readonly<Record<string, RouteShape>>
