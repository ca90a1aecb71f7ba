/** Saving what administrators edit, on the version that there is. */
import type { Answer, Browser } from './browser.ts'

export async function putSettings(browser: Browser, area: string, body: object): Promise<Answer> {
  const { versions } = (await browser.call('GET /api/admin/settings')).body
  return browser.call(`PUT /api/admin/settings/${area}`, { version: versions[area], ...body })
}

/** In exactly these groups by hand. */
export async function putGroupsOf(
  browser: Browser,
  id: string,
  groups: readonly string[],
): Promise<Answer> {
  const route = '/api/admin/accounts/:id'
  const { version } = (await browser.call(`GET ${route}/policy`, undefined, { id })).body
  return browser.call(`PUT ${route}/groups`, { version, groups }, { id })
}
