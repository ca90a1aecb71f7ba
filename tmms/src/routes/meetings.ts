/** Meetings: planning, reading, inviting, excluding, cancelling, joining. */
import { cancelMeeting } from '../domain/meetings/cancel.ts'
import { changeMeeting } from '../domain/meetings/change.ts'
import { excludeFromMeeting } from '../domain/meetings/exclusion.ts'
import { inviteMore, listMeetings, planMeeting, readMeeting } from '../domain/meetings/meeting.ts'
import { endpoint } from './endpoint.ts'

export const meetingRoutes = {
  'GET /api/meetings': endpoint<'GET /api/meetings'>({
    handle: async ({ services, account, query }) => {
      const { rows, next } = await listMeetings(services.context, account, query)
      return { meetings: rows, next }
    },
  }),
  'POST /api/meetings': endpoint<'POST /api/meetings'>({
    handle: async ({ services, actor, body }) => ({
      meeting: await planMeeting(services.context, actor, body),
    }),
  }),
  'GET /api/meetings/:id': endpoint<'GET /api/meetings/:id'>({
    handle: async ({ services, account, path }) => ({
      meeting: await readMeeting(services.context, account, path.id),
    }),
  }),
  'PATCH /api/meetings/:id': endpoint<'PATCH /api/meetings/:id'>({
    handle: async ({ services, actor, path, body }) => ({
      meeting: await changeMeeting(services.context, actor, { id: path.id, change: body }),
    }),
  }),
  'POST /api/meetings/:id/cancel': endpoint<'POST /api/meetings/:id/cancel'>({
    handle: async ({ services, actor, path }) => ({
      meeting: await cancelMeeting(services.context, actor, path.id),
    }),
  }),
  'POST /api/meetings/:id/invite': endpoint<'POST /api/meetings/:id/invite'>({
    handle: async ({ services, actor, path, body }) => ({
      meeting: await inviteMore(services.context, actor, { id: path.id, invited: body.invited }),
    }),
  }),
  'POST /api/meetings/:id/exclude': endpoint<'POST /api/meetings/:id/exclude'>({
    handle: async ({ services, actor, path, body }) => {
      await excludeFromMeeting(services.context, actor, { id: path.id, sub: body.sub })
      return {}
    },
  }),
  'POST /api/meetings/:id/join': endpoint<'POST /api/meetings/:id/join'>({
    handle: ({ services, actor, path: { id }, request, response }) => {
      response.setHeader('DPoP-Nonce', services.joining.nonce())
      const path = `/api/meetings/${id}/join`
      return services.joining.join(actor, {
        id,
        path,
        proof: request.get('dpop'),
        store: services.context.store,
      })
    },
  }),
}
