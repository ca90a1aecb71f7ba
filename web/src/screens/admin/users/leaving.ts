/** What becomes of the meetings of somebody who goes. */
import type { AccountId } from '@huisclos/tmms/contract/ids'

export interface Leaving {
  readonly meetings: 'cancel' | 'hand-over'
  readonly to: AccountId | null
}
