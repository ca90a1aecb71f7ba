/** The route table: who may see which screen, and which area's chunk holds it. Addresses are read by route.ts. */
import type { Account } from '@huisclos/tmms/contract/accounts'
import type { Component } from 'svelte'
import type { ScreenName, ScreenProps } from './screen-props.ts'

type Who = 'anyone' | 'signed-in' | 'planner' | 'administrator'
export type Area = 'entry' | 'meetings' | 'admin' | 'call'

/** One chunk each, loaded when a screen of it is first shown. */
const AREAS: Readonly<Record<Area, () => Promise<unknown>>> = {
  entry: async () => (await import('./entry/screens.ts')).ENTRY_SCREENS,
  meetings: async () => (await import('./meetings/screens.ts')).MEETINGS_SCREENS,
  admin: async () => (await import('./admin/screens.ts')).ADMIN_SCREENS,
  call: async () => (await import('./call/screens.ts')).CALL_SCREENS,
}

interface Row {
  readonly who: Who
  readonly area: Area
}

export const TABLE = {
  'sign-in': { who: 'anyone', area: 'entry' },
  reset: { who: 'anyone', area: 'entry' },
  setup: { who: 'anyone', area: 'entry' },
  welcome: { who: 'anyone', area: 'entry' },
  'setup-incomplete': { who: 'anyone', area: 'entry' },
  'welcome-incomplete': { who: 'anyone', area: 'entry' },
  'join-incomplete': { who: 'anyone', area: 'entry' },
  'join-leaked': { who: 'anyone', area: 'entry' },
  'not-found': { who: 'anyone', area: 'entry' },
  home: { who: 'signed-in', area: 'meetings' },
  meeting: { who: 'signed-in', area: 'meetings' },
  change: { who: 'signed-in', area: 'meetings' },
  plan: { who: 'planner', area: 'meetings' },
  admin: { who: 'administrator', area: 'admin' },
  join: { who: 'signed-in', area: 'call' },
} as const satisfies Record<ScreenName, Row>

/** A screen whose route is no longer known to the compiler: the table has seen to it that both fit. */
type AnyScreen = Component<ScreenProps>
export type LoadedScreens = Readonly<Partial<Record<ScreenName, AnyScreen>>>

/** Rejects when the chunk cannot be fetched. */
export async function loadArea(area: Area): Promise<LoadedScreens> {
  return (await AREAS[area]()) as LoadedScreens
}

/** The screen that this person sees at this address: whoever is not signed in signs in first, in place of it. */
export function screenFor(wanted: ScreenName, account: Account | null): ScreenName {
  if (account === null) return TABLE[wanted].who === 'anyone' ? wanted : 'sign-in'
  return wanted === 'sign-in' ? 'home' : wanted
}

export function maySee(screen: ScreenName, account: Account | null): boolean {
  const who: Who = TABLE[screen].who
  if (who === 'anyone') return true
  if (account === null) return false
  return (
    who === 'signed-in' ||
    account.role === 'administrator' ||
    (who === 'planner' && account.role === 'organiser')
  )
}
