/** What the E2EE worker tells the page unasked. */
import type { MeetingPolicy } from './calls.ts'
import type { E2eeCode } from './codes.ts'
import type { Member, MemberId } from './member-view.ts'
import type { Authenticity } from './streams.ts'

/** One run of the meeting code. It ends by everybody's judgement, or aborts when somebody comes or goes. */
export interface CodeRun {
  readonly state: 'running' | 'shown' | 'aborted'
  /** Who asked for it. */
  readonly by: MemberId
  /** Who takes part, ourselves included: whoever was there when it began. */
  readonly members: readonly MemberId[]
  /** `123 456 789 012` once it is shown. */
  readonly code: string | null
  /** Why it was aborted. `cheated`: somebody revealed too early or not what it had committed to. */
  readonly reason: 'people-changed' | 'no-answer' | 'cheated' | null
  /** What the members said about it so far, ourselves included. */
  readonly judgements: readonly { readonly memberId: MemberId; readonly equal: boolean }[]
  /** Three mismatches: no further run in this session. */
  readonly blocked: boolean
}

/** `removed`: a moderator put the device out. `locked`: a moderator closed the meeting to newcomers. */
export type KeptOutReason = 'removed' | 'locked'

export type WorkerEvent =
  /** Pass these bytes to the TCS, for one member or for everybody. */
  | { readonly type: 'send'; readonly to: MemberId | '*'; readonly bytes: Uint8Array }
  /** The same for many members at once: at most 500 messages and 200 kB in one event. */
  | {
      readonly type: 'send-many'
      readonly messages: readonly { readonly to: MemberId; readonly bytes: Uint8Array }[]
    }
  | { readonly type: 'members'; readonly members: readonly Member[] }
  /** Something was refused. `memberId` is the TCS's claim of who sent it, null when unknown. */
  | { readonly type: 'warning'; readonly code: E2eeCode; readonly memberId: string | null }
  | { readonly type: 'need-token' }
  /** Our newest token says another one than that before. */
  | { readonly type: 'policy'; readonly policy: MeetingPolicy }
  /** Ask our own encoder for a key frame of this stream, by sender.setParameters: its transform cannot in this browser. */
  | { readonly type: 'key-frame-wanted'; readonly streamIdx: number }
  /** Whether a consumer's frames open. `waiting` until the first frame or key. */
  | {
      readonly type: 'media-state'
      readonly consumerId: string
      readonly state: 'waiting' | 'decrypting' | 'cannot-decrypt'
      readonly code: E2eeCode | null
    }
  /**
   * By its owner's signed word much was sent 5 s ago that has not arrived (`delayed`), or it has now. So it is also for
   * a consumer that somebody paused; the page knows which are.
   */
  | { readonly type: 'media-delay'; readonly consumerId: string; readonly delayed: boolean }
  /**
   * Members who see another list of people than we do, for more than 10 s: all of them, each time this changes. Each
   * is also a `warning` E_ROSTER. Empty when everybody agrees again.
   */
  | { readonly type: 'roster-differs'; readonly memberIds: readonly MemberId[] }
  /**
   * Whether the sender's signature vouches for the frames of a consumer that open. `unvouched`: for more than 2 s it
   * does not, though something of the sender arrives; `forged`: it vouches for other frames. Only while `vouching`.
   */
  | {
      readonly type: 'media-authenticity'
      readonly consumerId: string
      readonly state: Authenticity
    }
  /** Text somebody wrote, ourselves included (`own`). The name is the one of the token it was sent under. */
  | {
      readonly type: 'chat'
      readonly from: MemberId
      readonly name: string
      readonly own: boolean
      readonly text: string
      /** TMMS time. */
      readonly timeMs: number
    }
  | { readonly type: 'code'; readonly run: CodeRun }
  /** A moderator put this member out; when it is ourselves, nobody listens to us any longer. */
  | { readonly type: 'removed'; readonly memberId: MemberId; readonly by: MemberId }
  | { readonly type: 'lock'; readonly locked: boolean; readonly by: MemberId }
  /** Somebody verified was not let in. Unlocking lets those in who were `locked` out and are still connected. */
  | {
      readonly type: 'kept-out'
      readonly memberId: MemberId
      readonly name: string
      readonly reason: KeptOutReason
    }
