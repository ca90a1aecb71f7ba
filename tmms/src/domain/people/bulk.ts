/** One thing done to many: each by itself, all or nothing, with what became of it. */
import type { ErrorCode } from '../../contract/errors.ts'
import type { AccountId } from '../../contract/ids.ts'
import type { BulkAction } from '../../contract/people-deeds.ts'
import { TmmsError } from '../../errors.ts'
import type { Actor } from '../audit/actor.ts'
import type { Context } from '../context.ts'
import { personOf } from './administering.ts'
import { changePerson } from './change.ts'
import { deletePerson, withdrawInvitation } from './delete.ts'
import { inviteAgain } from './invite.ts'
import { resumePerson, signOutPerson, suspendPerson } from './suspend.ts'

/** Null for each that is done. Nobody does any of it to the own account among others: `own-account`. */
export async function actOnMany(
  context: Context,
  actor: Actor,
  { ids, action }: { readonly ids: readonly AccountId[]; readonly action: BulkAction },
): Promise<readonly (ErrorCode | null)[]> {
  const results: (ErrorCode | null)[] = []
  for (const id of ids) results.push(await outcomeOf(() => act(context, actor, { id, action })))
  return results
}

async function outcomeOf(work: () => Promise<void>): Promise<ErrorCode | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof TmmsError && error.code !== 'internal') return error.code
    throw error
  }
}

async function act(
  context: Context,
  actor: Actor,
  { id, action }: { readonly id: AccountId; readonly action: BulkAction },
): Promise<void> {
  if (id === actor.account?.id) {
    throw new TmmsError('own-account', 'This is the own account of the caller.')
  }
  switch (action.do) {
    case 'role': {
      const { version } = await personOf(context.store, id)
      return changePerson(context, actor, { id, version, role: action.role })
    }
    case 'suspend':
      return suspendPerson(context, actor, { id })
    case 'resume':
      return resumePerson(context, actor, id)
    case 'sign-out':
      return signOutPerson(context, actor, id)
    case 'invite':
      return inviteAgain(context, actor, id)
    case 'withdraw':
      return withdrawInvitation(context, actor, id)
    case 'delete': {
      const { meetings, to } = action
      return deletePerson(context, actor, { id, meetings, ...(to === undefined ? {} : { to }) })
    }
  }
}
