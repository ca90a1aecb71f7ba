/** Meetings: planning, reading, inviting, excluding, cancelling, joining. */
import { z } from 'zod'
import { excludeFromMeeting } from '../domain/meetings/exclusion.ts'
import {
  cancelMeeting,
  inviteMore,
  listMeetings,
  planMeeting,
  readMeeting,
} from '../domain/meetings/meeting.ts'
import { endpoint } from './endpoint.ts'
import { accountId, addresses, nothing, text } from './schemas.ts'

export const meetingRoutes = {
  'GET /api/meetings': endpoint<'GET /api/meetings'>({
    who: 'signed-in',
    body: null,
    handle: async ({ services, account }) => ({
      meetings: await listMeetings(services.context, account),
    }),
  }),
  'POST /api/meetings': endpoint<'POST /api/meetings'>({
    who: 'planner',
    body: z.strictObject({
      title: text,
      startsAt: text,
      durationMin: z.number(),
      invited: addresses,
      ownLink: z.boolean().default(false),
    }),
    handle: async ({ services, account, body }) => ({
      meeting: await planMeeting(services.context, account, body),
    }),
  }),
  'GET /api/meetings/:id': endpoint<'GET /api/meetings/:id'>({
    who: 'signed-in',
    body: null,
    handle: async ({ services, account, id }) => ({
      meeting: await readMeeting(services.context, account, id),
    }),
  }),
  'POST /api/meetings/:id/cancel': endpoint<'POST /api/meetings/:id/cancel'>({
    who: 'signed-in',
    body: nothing,
    handle: async ({ services, account, id }) => ({
      meeting: await cancelMeeting(services.context, account, id),
    }),
  }),
  'POST /api/meetings/:id/invite': endpoint<'POST /api/meetings/:id/invite'>({
    who: 'signed-in',
    body: z.strictObject({ invited: addresses }),
    handle: async ({ services, account, id, body }) => ({
      meeting: await inviteMore(services.context, account, { id, invited: body.invited }),
    }),
  }),
  'POST /api/meetings/:id/exclude': endpoint<'POST /api/meetings/:id/exclude'>({
    who: 'signed-in',
    body: z.strictObject({ sub: accountId }),
    handle: async ({ services, account, id, body }) => {
      await excludeFromMeeting(services.context, account, { id, sub: body.sub })
      return {}
    },
  }),
  'POST /api/meetings/:id/join': endpoint<'POST /api/meetings/:id/join'>({
    who: 'signed-in',
    body: nothing,
    handle: ({ services, account, id, request }) => {
      const path = `/api/meetings/${id}/join`
      return services.joining.join(account, { id, path, proof: request.get('dpop') })
    },
  }),
}
