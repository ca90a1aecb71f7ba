/** The screens of administrators. */
import type { Screens } from '../screen-props.ts'
import Accounts from './Accounts.svelte'

export const ADMIN_SCREENS = { accounts: Accounts } satisfies Screens<'accounts'>
