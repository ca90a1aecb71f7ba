/** The screens of people who are not signed in, or whose address leads nowhere. */
import NotFound from '../NotFound.svelte'
import type { Screens } from '../screen-props.ts'
import IncompleteLink from './IncompleteLink.svelte'
import ResetRequest from './ResetRequest.svelte'
import Setup from './Setup.svelte'
import SignIn from './SignIn.svelte'
import Welcome from './Welcome.svelte'

export const ENTRY_SCREENS = {
  'sign-in': SignIn,
  reset: ResetRequest,
  setup: Setup,
  welcome: Welcome,
  'join-incomplete': IncompleteLink,
  'not-found': NotFound,
} satisfies Screens<'sign-in' | 'reset' | 'setup' | 'welcome' | 'join-incomplete' | 'not-found'>
