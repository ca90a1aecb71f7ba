/**
 * Messages to and from the E2EE worker: its calls are in calls.ts, its events in events.ts, the codes it answers with in
 * codes.ts, what a stream is in streams.ts.
 *
 * No message carries key bytes in either direction, except the link secret, inwards, once.
 * Bytes are `Uint8Array`; ids are lower-case hex; times are milliseconds since the epoch.
 */

import type { CallType } from './calls.ts'
import type { E2eeCode } from './codes.ts'
import type { WorkerEvent } from './events.ts'
import type { Codec, StreamKind } from './streams.ts'

export type { E2eeCode } from './codes.ts'
export type { Member, MemberId, Verification } from './member-view.ts'
export {
  STREAM_INDEX,
  type Authenticity,
  type Codec,
  type StreamDescriptor,
  type StreamKind,
} from './streams.ts'

/** Messages from the page that are not answered. */
export type Notice =
  /** Bytes the TCS relayed; `from` is its claim and is checked against the signed content. */
  | { readonly type: 'signal'; readonly from: string; readonly bytes: Uint8Array }
  /** Everybody the TCS says is connected, self excluded: a hint only. Sent at join and after a reconnection. */
  | { readonly type: 'roster'; readonly memberIds: readonly string[] }
  | { readonly type: 'joined'; readonly memberId: string }
  /** `left`: said so; `lost`: the connection was cut and may come back within 15 s. */
  | { readonly type: 'departed'; readonly memberId: string; readonly reason: 'left' | 'lost' }
  /** The connection to the TCS is gone; `roster` says that there is one again. Silence now means nothing. */
  | { readonly type: 'cut' }
  /** A consumer is gone, and with it the receiver: its transform's state may be forgotten. */
  | { readonly type: 'detached'; readonly consumerId: string }

export type ToWorker =
  | {
      readonly type: 'call'
      readonly id: number
      readonly call: CallType
      readonly request: unknown
    }
  | Notice

export type FromWorker =
  | { readonly type: 'reply'; readonly id: number; readonly reply: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly code: E2eeCode }
  | WorkerEvent

/** The `options` of every RTCRtpScriptTransform. */
export type TransformOptions =
  | {
      readonly dir: 'encrypt'
      readonly streamIdx: number
      readonly kind: StreamKind
      readonly codec: Codec
    }
  | {
      readonly dir: 'decrypt'
      readonly consumerId: string
      /** The member the page believes owns the consumer; a lie makes every frame fail. */
      readonly owner: string
      readonly kind: StreamKind
    }
