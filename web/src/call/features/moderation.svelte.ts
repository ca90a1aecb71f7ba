/** What moderators decide, as the page shows it: who is put out, and whether newcomers are let in. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { WorkerEvent } from '@huisclos/e2ee-worker/protocol'
import type { Notices } from '../outcome/notices.svelte.ts'

type Heard<T extends WorkerEvent['type']> = Extract<WorkerEvent, { type: T }>

export interface ModerationOptions {
  readonly e2ee: Pick<E2eeClient, 'call'>
  readonly notices: Notices
  /** Tells the TMMS, so that the account is given no further token for this meeting. */
  readonly exclude: (sub: string) => Promise<void>
}

export class Moderation {
  readonly #options: ModerationOptions
  #lockedBy = $state<string | null>(null)

  constructor(options: ModerationOptions) {
    this.#options = options
  }

  /** The member who locked the meeting; null while newcomers are let in. */
  get lockedBy(): string | null {
    return this.#lockedBy
  }

  /** @throws E2eeError */
  async lock(locked: boolean): Promise<void> {
    await this.#options.e2ee.call('lock', { locked })
  }

  /**
   * The keys change first: from then on the person sees and hears nothing, whatever the servers do.
   *
   * @throws E2eeError
   */
  async remove({ memberId, sub }: { memberId: string; sub: string | null }): Promise<void> {
    const { e2ee, notices, exclude } = this.#options
    await e2ee.call('remove-member', { memberId })
    if (sub === null) return
    await exclude(sub).catch(() => notices.add('not-excluded', memberId))
  }

  locked({ locked, by }: Heard<'lock'>): void {
    const { notices } = this.#options
    this.#lockedBy = locked ? by : null
    for (const code of ['locked', 'unlocked', 'kept-out-locked']) notices.keep(code, [])
    notices.add(locked ? 'locked' : 'unlocked', by)
  }

  removed({ memberId, by }: Heard<'removed'>): void {
    this.#options.notices.add('removed', memberId, { by })
  }

  keptOut({ memberId, name, reason }: Heard<'kept-out'>): void {
    this.#options.notices.add(`kept-out-${reason}`, memberId, { name })
  }

  /** The session is a new one. */
  forget(): void {
    this.#lockedBy = null
  }
}
