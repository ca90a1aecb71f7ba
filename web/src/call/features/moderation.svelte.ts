/** What moderators decide, as the page shows it: who is put out, and whether newcomers are let in. */
import type { WorkerEvent } from '@huisclos/e2ee-worker/events'
import type { Feature, FeatureContext, Handles } from './feature.ts'

type Event<T extends WorkerEvent['type']> = Extract<WorkerEvent, { type: T }>

export class Moderation implements Feature {
  readonly handles = {
    lock: (event) => this.#locked(event),
    removed: (event) => this.#removed(event),
    'kept-out': (event) => this.#keptOut(event),
  } satisfies Handles
  readonly #context: FeatureContext
  #lockedBy = $state<string | null>(null)
  #outside = $state.raw<Readonly<Record<string, string>>>({})

  constructor(context: FeatureContext) {
    this.#context = context
  }

  /** The member who locked the meeting; null while newcomers are let in. */
  get lockedBy(): string | null {
    return this.#lockedBy
  }

  /** Name of a verified person who was not let in; null for everybody else. */
  outside(memberId: string): string | null {
    return this.#outside[memberId] ?? null
  }

  /** @throws E2eeError */
  async lock(locked: boolean): Promise<void> {
    await this.#context.e2ee.call('lock', { locked })
  }

  /**
   * The keys change first: from then on the person sees and hears nothing, whatever the servers do.
   *
   * @throws E2eeError
   */
  async remove({ memberId, sub }: { memberId: string; sub: string | null }): Promise<void> {
    const { e2ee, notices, server } = this.#context
    await e2ee.call('remove-member', { memberId })
    if (sub === null) return
    // The account is given no further token for this meeting.
    await server.exclude(sub).catch(() => notices.add('not-excluded', memberId))
  }

  #locked({ locked, by }: Event<'lock'>): void {
    const { notices } = this.#context
    this.#lockedBy = locked ? by : null
    if (!locked) this.#outside = {}
    for (const code of ['locked', 'unlocked', 'kept-out-locked']) notices.keep(code, [])
    notices.add(locked ? 'locked' : 'unlocked', by)
  }

  #removed({ memberId, by }: Event<'removed'>): void {
    this.#context.notices.add('removed', memberId, { by })
  }

  #keptOut({ memberId, name, reason }: Event<'kept-out'>): void {
    this.#outside = { ...this.#outside, [memberId]: name }
    this.#context.notices.add(`kept-out-${reason}`, memberId, { name })
  }

  readonly forget = (): void => {
    this.#lockedBy = null
    this.#outside = {}
  }
}
