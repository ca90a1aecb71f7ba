/** The screens of meetings before and after their call. */
import type { Screens } from '../screen-props.ts'
import Change from './Change.svelte'
import Home from './Home.svelte'
import MeetingPage from './MeetingPage.svelte'
import Plan from './Plan.svelte'

export const MEETINGS_SCREENS = {
  change: Change,
  home: Home,
  meeting: MeetingPage,
  plan: Plan,
} satisfies Screens<'change' | 'home' | 'meeting' | 'plan'>
