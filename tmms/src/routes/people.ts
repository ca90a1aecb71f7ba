/** Everybody's accounts, for administrators. */
import { actOnMany } from '../domain/people/bulk.ts'
import { changePerson } from '../domain/people/change.ts'
import { deletePerson, withdrawInvitation } from '../domain/people/delete.ts'
import { exportPeople } from '../domain/people/export.ts'
import {
  checkInvitations,
  inviteAccount,
  inviteAgain,
  inviteMany,
} from '../domain/people/invite.ts'
import { listPeople } from '../domain/people/list.ts'
import { accountRow, meetingsOfPerson, readPerson } from '../domain/people/person.ts'
import { resumePerson, signOutPerson, suspendPerson } from '../domain/people/suspend.ts'
import { endpoint } from './endpoint.ts'

const lists = {
  'GET /api/admin/accounts': endpoint<'GET /api/admin/accounts'>({
    handle: async ({ services, query }) => {
      const { rows, next, total } = await listPeople(services.context, query)
      return { accounts: rows.map(accountRow), next, total }
    },
  }),
  'POST /api/admin/accounts/export': endpoint<'POST /api/admin/accounts/export'>({
    handle: async ({ services, actor, body }) => ({
      csv: await exportPeople(services.context, actor, body),
    }),
  }),
  'POST /api/admin/accounts/bulk': endpoint<'POST /api/admin/accounts/bulk'>({
    handle: async ({ services, actor, body }) => ({
      results: await actOnMany(services.context, actor, body),
    }),
  }),
}

const invitations = {
  'POST /api/admin/accounts': endpoint<'POST /api/admin/accounts'>({
    handle: async ({ services, actor, body }) => {
      const { account, again } = await inviteAccount(services.context, actor, body)
      return { account: accountRow(account), again }
    },
  }),
  'POST /api/admin/accounts/check': endpoint<'POST /api/admin/accounts/check'>({
    handle: async ({ services, actor, body }) => ({
      results: await checkInvitations(services.context, actor, body.people),
    }),
  }),
  'POST /api/admin/accounts/invite': endpoint<'POST /api/admin/accounts/invite'>({
    handle: async ({ services, actor, body }) => ({
      results: await inviteMany(services.context, actor, body.people),
    }),
  }),
  'POST /api/admin/accounts/:id/invite': endpoint<'POST /api/admin/accounts/:id/invite'>({
    handle: async ({ services, actor, path: { id } }) => {
      await inviteAgain(services.context, actor, id)
      return readPerson(services.context, id)
    },
  }),
  'POST /api/admin/accounts/:id/withdraw': endpoint<'POST /api/admin/accounts/:id/withdraw'>({
    handle: async ({ services, actor, path: { id } }) => {
      await withdrawInvitation(services.context, actor, id)
      return {}
    },
  }),
}

const onePerson = {
  'GET /api/admin/accounts/:id': endpoint<'GET /api/admin/accounts/:id'>({
    handle: ({ services, path: { id } }) => readPerson(services.context, id),
  }),
  'GET /api/admin/accounts/:id/meetings': endpoint<'GET /api/admin/accounts/:id/meetings'>({
    handle: async ({ services, path: { id }, query }) => {
      const { rows, next } = await meetingsOfPerson(services.context, { id, ...query })
      return { meetings: rows, next }
    },
  }),
  'PATCH /api/admin/accounts/:id': endpoint<'PATCH /api/admin/accounts/:id'>({
    handle: async ({ services, actor, path: { id }, body }) => {
      await changePerson(services.context, actor, { id, ...body })
      return readPerson(services.context, id)
    },
  }),
  'POST /api/admin/accounts/:id/suspend': endpoint<'POST /api/admin/accounts/:id/suspend'>({
    handle: async ({ services, actor, path: { id }, body }) => {
      await suspendPerson(services.context, actor, { id, ...body })
      return readPerson(services.context, id)
    },
  }),
  'POST /api/admin/accounts/:id/resume': endpoint<'POST /api/admin/accounts/:id/resume'>({
    handle: async ({ services, actor, path: { id } }) => {
      await resumePerson(services.context, actor, id)
      return readPerson(services.context, id)
    },
  }),
  'POST /api/admin/accounts/:id/sign-out': endpoint<'POST /api/admin/accounts/:id/sign-out'>({
    handle: async ({ services, actor, path: { id } }) => {
      await signOutPerson(services.context, actor, id)
      return readPerson(services.context, id)
    },
  }),
  'POST /api/admin/accounts/:id/delete': endpoint<'POST /api/admin/accounts/:id/delete'>({
    handle: async ({ services, actor, path: { id }, body }) => {
      await deletePerson(services.context, actor, { id, ...body })
      return {}
    },
  }),
}

export const peopleRoutes = { ...lists, ...invitations, ...onePerson }
