/** What administrators set. */
import { readAllSettings } from '../domain/settings/read.ts'
import { writeSettings } from '../domain/settings/settings.ts'
import { endpoint } from './endpoint.ts'

export const settingRoutes = {
  'GET /api/admin/settings': endpoint<'GET /api/admin/settings'>({
    handle: ({ services: { context } }) => readAllSettings(context.store),
  }),
  'PUT /api/admin/settings/mail': endpoint<'PUT /api/admin/settings/mail'>({
    handle: ({ services: { context }, actor, body: { version, ...value } }) =>
      writeSettings(context, actor, { area: 'mail', version, value }),
  }),
  'PUT /api/admin/settings/sessions': endpoint<'PUT /api/admin/settings/sessions'>({
    handle: ({ services: { context }, actor, body: { version, ...value } }) =>
      writeSettings(context, actor, { area: 'sessions', version, value }),
  }),
  'PUT /api/admin/settings/passwords': endpoint<'PUT /api/admin/settings/passwords'>({
    handle: ({ services: { context }, actor, body: { version, ...value } }) =>
      writeSettings(context, actor, { area: 'passwords', version, value }),
  }),
  'PUT /api/admin/settings/links': endpoint<'PUT /api/admin/settings/links'>({
    handle: ({ services: { context }, actor, body: { version, ...value } }) =>
      writeSettings(context, actor, { area: 'links', version, value }),
  }),
  'PUT /api/admin/settings/domains': endpoint<'PUT /api/admin/settings/domains'>({
    handle: ({ services: { context }, actor, body: { version, ...value } }) =>
      writeSettings(context, actor, { area: 'domains', version, value }),
  }),
  'PUT /api/admin/settings/branding': endpoint<'PUT /api/admin/settings/branding'>({
    handle: ({ services: { context }, actor, body: { version, ...value } }) =>
      writeSettings(context, actor, { area: 'branding', version, value }),
  }),
  'PUT /api/admin/settings/retention': endpoint<'PUT /api/admin/settings/retention'>({
    handle: ({ services: { context }, actor, body: { version, ...value } }) =>
      writeSettings(context, actor, { area: 'retention', version, value }),
  }),
}
