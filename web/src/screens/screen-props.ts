/** What every screen of the route table gets. */
import type { Component } from 'svelte'
import type { Session } from '../account/session.svelte.ts'
import type { Texts } from '../language.svelte.ts'
import type { Route } from '../route.ts'
import type { Router } from '../router.svelte.ts'

export type ScreenName = Route['screen']

export interface ScreenProps<S extends ScreenName = ScreenName> {
  readonly session: Session
  readonly router: Router
  readonly texts: Texts
  readonly route: Extract<Route, { screen: S }>
  /** A call takes the whole window while it is on. */
  readonly oncall: (on: boolean) => void
}

/** The components of an area, by the name of their screen; each takes what it needs of its ScreenProps. */
export type Screens<S extends ScreenName> = { readonly [K in S]: Component<never> }
