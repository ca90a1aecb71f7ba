/** The screens of people who are not signed in, or whose address leads nowhere. */
import NotFound from '../NotFound.svelte'
import type { ScreenName, Screens } from '../screen-props.ts'
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
  'setup-incomplete': IncompleteLink,
  'welcome-incomplete': IncompleteLink,
  'join-incomplete': IncompleteLink,
  'join-leaked': IncompleteLink,
  'not-found': NotFound,
} satisfies Partial<Screens<ScreenName>>
