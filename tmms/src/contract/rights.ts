/** Who may call a route, in person and by an API token. Imports no schema library, so that pages can take it for free. */
import type { Role } from './accounts.ts'

/** The roles that may call; null: whoever comes, signed in or not. */
export const WHO = {
  anyone: null,
  'signed-in': ['administrator', 'organiser', 'user'],
  planner: ['administrator', 'organiser'],
  administrator: ['administrator'],
} as const satisfies Readonly<Record<string, readonly Role[] | null>>
export type Who = keyof typeof WHO

/** What an API token may be good for. */
export const SCOPES = [
  'people:read',
  'people:write',
  'meetings:read',
  'meetings:write',
  'audit:read',
  'settings:read',
  'settings:write',
] as const
export type Scope = (typeof SCOPES)[number]

/** Every route says both: nothing may be called because somebody forgot to say who may. */
export interface Rights {
  readonly who: Who
  /** Null: never by an API token. So is what signs in, is about oneself, or touches keys or passwords. */
  readonly scope: Scope | null
}

/** Whoever comes. */
export const open = { who: 'anyone', scope: null } as const satisfies Rights
/** Whoever is signed in, in person. */
export const own = { who: 'signed-in', scope: null } as const satisfies Rights
