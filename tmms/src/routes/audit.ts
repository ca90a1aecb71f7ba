/** The audit log: lists, proofs and the export for administrators, checkpoints for everybody signed in. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AuditQuery } from '../contract/audit.ts'
import { signCheckpoint } from '../domain/audit/checkpoint.ts'
import { rawPublicKey, writeKeyLine } from '../domain/audit/note.ts'
import {
  exportLog,
  listEntries,
  newestCheckpoint,
  proveConsistency,
  provenLine,
} from '../domain/audit/read-log.ts'
import { record } from '../domain/audit/record.ts'
import type { AuditFilter } from '../store/audit.ts'
import { endpoint } from './endpoint.ts'

export const auditRoutes = {
  'GET /api/audit/checkpoint': endpoint<'GET /api/audit/checkpoint'>({
    handle: async ({ services: { context } }) => {
      const { note } = await newestCheckpoint(context.store)
      return { checkpoint: note }
    },
  }),
  'GET /api/audit/consistency': endpoint<'GET /api/audit/consistency'>({
    handle: async ({ services: { context }, query: { from, to } }) => ({
      proof: await proveConsistency(context.store, from, to),
    }),
  }),
  'GET /api/admin/audit': endpoint<'GET /api/admin/audit'>({
    handle: async ({ services: { context }, query }) => {
      const { rows, next } = await listEntries(context.store, query, filterOf(query))
      return { entries: rows, next }
    },
  }),
  'GET /api/admin/audit/state': endpoint<'GET /api/admin/audit/state'>({
    handle: async ({ services: { context, log } }) => {
      const { note, size, root, timeMs } = await newestCheckpoint(context.store)
      return {
        entries: await context.store.audit.size(),
        checkpoint: note,
        ...{ size, root, signedAt: new Date(timeMs).toISOString() },
        key: writeKeyLine(log.origin, rawPublicKey(log.key)),
      }
    },
  }),
  'GET /api/admin/audit/export': endpoint<'GET /api/admin/audit/export'>({
    handle: async ({ services: { context, log }, actor, request, response }) => {
      // Express answers HEAD by this, too: then nothing is handed out.
      if (request.method === 'HEAD') return ''
      await context.store.atomically((rows) =>
        record(rows, actor, context.now(), {
          action: 'export',
          object: { kind: 'server', id: '', name: '' },
          details: { what: 'audit' },
        }),
      )
      const checkpoint = await signCheckpoint(context, log)
      response.attachment(`audit-${checkpoint.size}.jsonl`)
      response.type('application/jsonl')
      await pipeline(Readable.from(exportLog(context.store, checkpoint)), response)
      return ''
    },
  }),
  'GET /api/admin/audit/entries/:id': endpoint<'GET /api/admin/audit/entries/:id'>({
    handle: ({ services: { context }, path }) => provenLine(context.store, path.id),
  }),
}

function filterOf({ q, action, actor, object, since, until }: AuditQuery): AuditFilter {
  return {
    action,
    actorId: actor,
    objectId: object,
    sinceMs: since === undefined ? undefined : Date.parse(since),
    untilMs: until === undefined ? undefined : Date.parse(until),
    text: q === '' ? undefined : q,
  }
}
