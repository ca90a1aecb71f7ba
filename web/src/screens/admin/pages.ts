/** The pages of the administration, in the order of its menu: one line each. */
import type { Component } from 'svelte'
import { m } from '../../paraglide/messages.js'
import type { ScreenProps } from '../screen-props.ts'
import Api from './api/Api.svelte'
import Audit from './audit/Audit.svelte'
import Branding from './branding/Branding.svelte'
import Meetings from './meetings/Meetings.svelte'
import Groups from './groups/Groups.svelte'
import Letters from './letters/Letters.svelte'
import Policy from './policy/Policy.svelte'
import Mail from './mail/Mail.svelte'
import Security from './security/Security.svelte'
import System from './system/System.svelte'
import Users from './users/Users.svelte'

export interface AdminPage {
  readonly label: () => string
  readonly shown: Component<ScreenProps<'admin'>>
}

/** By the name in the address: `/admin/<name>[/<id>]`. */
export const ADMIN_PAGES: Readonly<Record<string, AdminPage>> = {
  users: { label: m.admin_users, shown: Users },
  groups: { label: m.policy_groups, shown: Groups },
  policy: { label: m.policy_profiles, shown: Policy },
  meetings: { label: m.admin_meetings, shown: Meetings },
  mail: { label: m.admin_mail, shown: Mail },
  letters: { label: m.admin_letters, shown: Letters },
  branding: { label: m.admin_branding, shown: Branding },
  security: { label: m.admin_security, shown: Security },
  api: { label: m.admin_api, shown: Api },
  audit: { label: m.admin_audit, shown: Audit },
  system: { label: m.admin_system, shown: System },
}
