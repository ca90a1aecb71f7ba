/** Which feature handles which statement. */
import { expect, it } from 'vitest'
import { FakeClock } from '../../test/clock.ts'
import { Sender } from '../keys/sender.ts'
import { STATEMENT_TYPES } from '../messages/statements.ts'
import type { SessionContext } from './context.ts'
import { Features } from './features.ts'

const contextOf = (vouch: boolean): SessionContext =>
  ({
    clock: new FakeClock(),
    sender: new Sender(),
    me: { credential: { claims: { vouch } } },
    members: { size: 0 },
    roster: {},
    moderation: { handlers: { removal: () => undefined, lock: () => undefined } },
  }) as unknown as SessionContext

it('every kind of statement is handled by a feature', () => {
  const handled = Object.keys(new Features(contextOf(true)).handlers())
  expect(handled.sort()).toEqual([...STATEMENT_TYPES].sort())
})

it('where nothing is vouched for, nobody handles a vouch', () => {
  expect(new Features(contextOf(false)).handlers().vouch).toBeUndefined()
})
