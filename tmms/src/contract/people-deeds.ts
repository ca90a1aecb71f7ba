/** What administrators do to accounts. */
import { z } from 'zod'
import { role } from './accounts.ts'
import { accountId } from './ids.ts'
import { PEOPLE_AT_ONCE } from './limits.ts'

/** What becomes of the meetings of somebody who goes. */
export const meetingsOf = {
  meetings: z.enum(['cancel', 'hand-over']),
  /** With `hand-over`: who organises them from now on. */
  to: accountId.exactOptional(),
}
/** The caller knows that it is the own account: they may lose their own rights by it. */
export const own = z.literal(true).exactOptional()

export const bulk = z.strictObject({
  ids: z.array(accountId).min(1).max(PEOPLE_AT_ONCE),
  action: z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('role'), role }),
    z.strictObject({ do: z.enum(['suspend', 'resume', 'sign-out', 'invite', 'withdraw']) }),
    z.strictObject({ do: z.literal('delete'), ...meetingsOf }),
  ]),
})
export type BulkAction = z.infer<typeof bulk>['action']
