/** Which addresses somebody may invite, in words. */
import type { Invitable } from '@huisclos/tmms/contract/security'
import { m } from '../paraglide/messages.js'

/** More than this in one sentence are not read. */
const NAMED_MAX = 8

/** What may be invited, and who may invite others. */
export function wordInvitable({ domains, why }: Invitable): string {
  const named = domains.slice(0, NAMED_MAX).join(', ')
  const count = domains.length - NAMED_MAX
  const list = count > 0 ? m.policy_invitable_more({ domains: named, count }) : named
  return `${m.policy_invitable({ domains: list })} ${m[`policy_invitable_${why}`]()}`
}
