/** Everybody's meetings, for administrators; who was in one, for its organiser as well. */
import { listAllMeetings, readAnyMeeting } from '../domain/meetings/all.ts'
import { cancelAnyMeeting, changeOrganiser, endAnyMeeting } from '../domain/meetings/any-meeting.ts'
import { exportAttendance } from '../domain/meetings/attendance.ts'
import { endpoint } from './endpoint.ts'

export const adminMeetingRoutes = {
  'GET /api/admin/meetings': endpoint<'GET /api/admin/meetings'>({
    handle: async ({ services, query }) => {
      const { rows, next } = await listAllMeetings(services.context, query)
      return { meetings: rows, next }
    },
  }),
  'GET /api/admin/meetings/:id': endpoint<'GET /api/admin/meetings/:id'>({
    handle: ({ services, path: { id } }) => readAnyMeeting(services.context, id),
  }),
  'POST /api/admin/meetings/:id/cancel': endpoint<'POST /api/admin/meetings/:id/cancel'>({
    handle: async ({ services: { context }, actor, path: { id } }) => {
      await cancelAnyMeeting(context, actor, id)
      return readAnyMeeting(context, id)
    },
  }),
  'POST /api/admin/meetings/:id/end': endpoint<'POST /api/admin/meetings/:id/end'>({
    handle: async ({ services: { context }, actor, path: { id } }) => {
      await endAnyMeeting(context, actor, id)
      return readAnyMeeting(context, id)
    },
  }),
  'POST /api/admin/meetings/:id/organiser': endpoint<'POST /api/admin/meetings/:id/organiser'>({
    handle: async ({ services: { context }, actor, path: { id }, body }) => {
      await changeOrganiser(context, actor, { id, ...body })
      return readAnyMeeting(context, id)
    },
  }),
  'POST /api/meetings/:id/attendance/export': endpoint<'POST /api/meetings/:id/attendance/export'>({
    handle: async ({ services: { context }, actor, path: { id } }) => ({
      csv: await exportAttendance(context, actor, id),
    }),
  }),
}
