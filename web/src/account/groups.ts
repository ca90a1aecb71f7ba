/** The groups of people, for administrators. */
import type { Group } from '@huisclos/tmms/contract/groups'
import { api } from './api.ts'
import { everyPage } from './pages.ts'

/** All of them, oldest first. @throws {ApiFailure} */
export function allGroups(): Promise<readonly Group[]> {
  return everyPage(async (query) => {
    const page = await api('GET /api/admin/groups', null, { query })
    return { rows: page.groups, next: page.next }
  })
}
