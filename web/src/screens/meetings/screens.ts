/** The screens of meetings before and after their call. */
import type { Screens } from '../screen-props.ts'
import Home from './Home.svelte'
import MeetingPage from './MeetingPage.svelte'
import Plan from './Plan.svelte'

export const MEETINGS_SCREENS = {
  home: Home,
  meeting: MeetingPage,
  plan: Plan,
} satisfies Screens<'home' | 'meeting' | 'plan'>
