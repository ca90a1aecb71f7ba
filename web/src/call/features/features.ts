/** All features of a call. Each is one line here: it is made, handed its events, and ended from this table. */
import type { WorkerEvent } from '@huisclos/e2ee-worker/events'
import { Chat } from './chat.svelte.ts'
import type { Feature, FeatureContext } from './feature.ts'
import { MeetingCode } from './meeting-code.svelte.ts'
import { Moderation } from './moderation.svelte.ts'
import { Policy } from './policy.svelte.ts'
import { SafetyNumbers } from './safety-numbers.ts'

const makers = {
  chat: (context: FeatureContext) => new Chat(context),
  code: (context: FeatureContext) => new MeetingCode(context),
  moderation: (context: FeatureContext) => new Moderation(context),
  policy: () => new Policy(),
  safety: (context: FeatureContext) => new SafetyNumbers(context),
} satisfies Record<string, (context: FeatureContext) => Feature>

type Made = { readonly [N in keyof typeof makers]: ReturnType<(typeof makers)[N]> }
/** The types of events that some feature handles. */
export type FeatureEvent = { [N in keyof Made]: keyof Made[N]['handles'] }[keyof Made]

export type Features = Made &
  Required<Omit<Feature, 'handles'>> & {
    readonly handle: (event: WorkerEvent) => void
  }

export function openFeatures(context: FeatureContext): Features {
  const made = Object.entries(makers).map(([name, make]) => [name, make(context)] as const)
  const all: readonly Feature[] = made.map(([, feature]) => feature)
  return {
    ...(Object.fromEntries(made) as unknown as Made),
    handle: (event) => {
      for (const { handles } of all)
        (handles[event.type] as ((event: WorkerEvent) => void) | undefined)?.(event)
    },
    forget: () => all.forEach((feature) => feature.forget?.()),
    close: () => all.forEach((feature) => feature.close?.()),
  }
}
