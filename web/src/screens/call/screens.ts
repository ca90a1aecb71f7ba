/** The screen of a meeting link: from the device check to the end of the call. */
import type { Screens } from '../screen-props.ts'
import Join from './Join.svelte'

export const CALL_SCREENS = { join: Join } satisfies Screens<'join'>
