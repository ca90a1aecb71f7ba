/** The screens of administrators. */
import type { Screens } from '../screen-props.ts'
import Admin from './Admin.svelte'

export const ADMIN_SCREENS = { admin: Admin } satisfies Screens<'admin'>
