/** What the administrator allows in this meeting, by the newest token of ours. */
import type { MeetingPolicy } from '@huisclos/e2ee-worker/calls'
import type { Feature, Handles } from './feature.ts'

export class Policy implements Feature {
  readonly handles = { policy: ({ policy }) => this.learn(policy) } satisfies Handles
  #value = $state.raw<MeetingPolicy | null>(null)

  /** Null before the first token. */
  get value(): MeetingPolicy | null {
    return this.#value
  }

  /** Whether people may write to each other. */
  get messages(): boolean {
    return this.#value?.messages ?? false
  }

  learn(policy: MeetingPolicy): void {
    this.#value = policy
  }
}
