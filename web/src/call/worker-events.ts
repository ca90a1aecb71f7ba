/** What the worker says by itself, handed to whatever part of the call it is for. */
import type { WorkerEvent } from '@huisclos/e2ee-worker/events'
import type { FeatureEvent, Features } from './features/features.ts'
import type { Uplink } from './media/uplink.ts'
import type { Notices } from './outcome/notices.svelte.ts'
import type { Peers } from './people/peers.svelte.ts'
import type { Keyring } from './signalling/key-messages.ts'

export interface EventTargets {
  readonly features: Features
  readonly keyring: Keyring
  readonly peers: Peers
  readonly notices: Notices
  readonly uplink: () => Uplink | null
  readonly ownId: () => string | null
  readonly renewToken: () => void
  /** The call cannot go on. */
  readonly fail: (code: string) => void
}

/** Whatever no feature handles. */
type OwnHandles = {
  readonly [T in Exclude<WorkerEvent['type'], FeatureEvent>]: (
    event: Extract<WorkerEvent, { type: T }>,
  ) => void
}

export function workerEvents(targets: EventTargets): (event: WorkerEvent) => void {
  const own: Readonly<Partial<Record<string, unknown>>> = ownHandles(targets)
  return (event) => {
    const handle = own[event.type] as ((event: WorkerEvent) => void) | undefined
    if (event.type === 'removed' && event.memberId === targets.ownId()) targets.fail('removed')
    else (handle ?? targets.features.handle)(event)
  }
}

function ownHandles({ keyring, peers, notices, ...call }: EventTargets): OwnHandles {
  return {
    send: (event) => keyring.send(event),
    'send-many': ({ messages }) => keyring.sendMany(messages),
    members: ({ members }) => {
      peers.verified(members)
      notices.settled(members.map(({ memberId }) => memberId))
    },
    'media-state': ({ consumerId, state, code }) => peers.opening(consumerId, { state, code }),
    'media-delay': ({ consumerId, delayed }) => peers.opening(consumerId, { delayed }),
    'media-authenticity': ({ consumerId, state }) =>
      peers.opening(consumerId, { authenticity: state }),
    'key-frame-wanted': ({ streamIdx }) => void call.uplink()?.wantKeyFrame(streamIdx),
    'need-token': call.renewToken,
    'roster-differs': ({ memberIds }) => notices.keep('E_ROSTER', memberIds),
    warning: ({ code, memberId }) => {
      // The worker itself has died, and with it every key.
      if (code === 'E_INTERNAL' && memberId === null) call.fail(code)
      else notices.refused(code, memberId)
    },
  }
}
