/** A feature: something the people of a meeting do besides seeing and hearing each other. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { WorkerEvent } from '@huisclos/e2ee-worker/events'
import type { MeetingServer } from '../meeting-server.ts'
import type { Notices } from '../outcome/notices.svelte.ts'
import type { Peers } from '../people/peers.svelte.ts'

/** What a feature may use. */
export interface FeatureContext {
  readonly e2ee: Pick<E2eeClient, 'call'>
  readonly peers: Pick<Peers, 'nameOf'>
  readonly notices: Pick<Notices, 'add' | 'keep'>
  readonly server: Pick<MeetingServer, 'exclude'>
}

/** One member per type of event, each with the event of that type. */
export type Handles = {
  readonly [T in WorkerEvent['type']]?: (event: Extract<WorkerEvent, { type: T }>) => void
}

export interface Feature {
  /** What it handles of the worker's events; no two features handle the same type. */
  readonly handles: Handles
  /** The session is a new one: what the former one told does not hold for it. */
  readonly forget?: () => void
  readonly close?: () => void
}
