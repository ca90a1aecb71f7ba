/**
 * Messages to and from the E2EE worker; the codes it answers with are in codes.ts, what a stream is in streams.ts.
 *
 * No message carries key bytes in either direction, except the link secret, inwards, once.
 * Bytes are `Uint8Array`; ids are lower-case hex; times are milliseconds since the epoch.
 */

import type { E2eeCode } from './codes.ts'
import type { Member, MemberId } from './member-view.ts'
import type { Codec, StreamDescriptor, StreamKind } from './streams.ts'

export type { E2eeCode } from './codes.ts'
export type { Member, MemberId, Verification } from './member-view.ts'
export { STREAM_INDEX, type Codec, type StreamDescriptor, type StreamKind } from './streams.ts'

/** What the page must hand over to open the meeting's cryptographic session. */
export interface StartRequest {
  /** Origin of the TMMS (`https://host[:port]`): key of the stored pin and expected `iss`. */
  readonly tmmsOrigin: string
  readonly mid: string
  readonly token: string
  /** Milliseconds since the TMMS's answer with this token was received, by a clock that only rises. */
  readonly tokenAgeMs: number
  /** The signed JWKS (`typ: jwks+jwt`), as served. */
  readonly keySet: string
  /** RFC 7638 thumbprint of the TMMS root from the link fragment, or null when the link had none. */
  readonly pin: string | null
  /** 32 bytes, base64url, from the link fragment, or null. */
  readonly linkSecret: string | null
}

export interface StartReply {
  readonly memberId: MemberId
  readonly sub: string
  readonly name: string
  readonly role: 'moderator' | 'participant'
  readonly prm: readonly string[]
  readonly suite: number
  readonly pinSource: 'link' | 'stored' | 'tofu'
  /** Since when this browser holds the pin; milliseconds since the epoch. */
  readonly pinSince: number
  /** The pin followed a change of the root key that the former root signed. */
  readonly rootChanged: boolean
  /** The keys of this meeting hang on a link secret that the TMMS does not know. */
  readonly linkSecret: boolean
  /** Senders sign what they send, so that no member can forge another's frames (token claim `e2ee.vouch`). */
  readonly vouching: boolean
  readonly policy: MeetingPolicy
}

/** What the administrator allows in the meeting, and us in it: by our newest token. */
export interface MeetingPolicy {
  readonly messages: boolean
  /** At the same time, ourselves included. */
  readonly participants: number
  /** Classification mark, for every screen; `colour` is `#rrggbb`. */
  readonly mark: { readonly text: string; readonly colour: string } | null
}

/** Whether a sender's signature stands behind the frames of a stream, behind none, or behind others. */
export type Authenticity = 'vouched' | 'unvouched' | 'forged'

/** Counters of one transform since it was attached. Frames, not bytes. */
export interface TransformStats {
  readonly dir: 'encrypt' | 'decrypt'
  /** `consumerId` for decrypt, the stream index as text for encrypt. */
  readonly id: string
  /** Frames sealed (encrypt) or opened (decrypt). */
  readonly passed: number
  /** Dropped quietly: duplicates and zero-length frames, which networks produce by themselves. */
  readonly ignored: number
  /** Refused frames by code. */
  readonly refused: Readonly<Partial<Record<E2eeCode, number>>>
}

/** Calls from the page, each answered once: request -> reply. */
export interface Calls {
  /** DPoP proof (RFC 9449 section 4.2) of the device key for one HTTP request to the TMMS. */
  'prove-device': {
    /** `nonce`: what the TMMS asked for in its `DPoP-Nonce` header (RFC 9449 section 8). */
    request: { readonly method: string; readonly url: string; readonly nonce?: string }
    reply: { readonly proof: string }
  }
  start: { request: StartRequest; reply: StartReply }
  /**
   * Since when this browser remembers the root key of a TMMS (milliseconds since the epoch), or null. Needs no session:
   * it is what the person is told after E_PIN.
   */
  'remembered-server': {
    request: { readonly tmmsOrigin: string }
    reply: { readonly pinSince: number | null }
  }
  /**
   * Whether these keys are those of the server that the link names and this browser remembers: E_PIN otherwise. Needs no
   * session, and trusts nobody on first sight. For refusals, which an impostor could use to have people sign in with him.
   */
  'check-server': {
    request: Pick<StartRequest, 'tmmsOrigin' | 'keySet' | 'pin'>
    reply: Record<string, never>
  }
  /** Signs "E2EE1 tcs auth\0" || challenge || SHA-256(token) || tcsOrigin with the device key. */
  'prove-to-tcs': {
    request: { readonly challenge: Uint8Array; readonly tcsOrigin: string }
    reply: {
      readonly token: string
      readonly ikPub: Uint8Array
      readonly nonce: Uint8Array
      readonly signature: Uint8Array
      /** 32 fresh bytes that the TCS must sign; remembered for `check-tcs` and `check-transport`. */
      readonly clientChallenge: Uint8Array
    }
  }
  /**
   * The TCS's answer to the client challenge, before anything else is said to it. E_TCS unless `signature` is by a key
   * that the key set certifies for this origin, over "E2EE1 tcs identity\0" || clientChallenge || SHA-256(token) ||
   * memberId[16] || vec(tcsOrigin).
   */
  'check-tcs': {
    request: { readonly tcsOrigin: string; readonly kid: string; readonly signature: Uint8Array }
    reply: Record<string, never>
  }
  /**
   * The DTLS fingerprints of one transport, before it is used. E_TCS unless the key of the last `check-tcs` signed
   * "E2EE1 tcs transport\0" || clientChallenge || SHA-256(token) || u8 direction (0 send, 1 recv) || vec(transportId)
   * || u8 n || n x (vec(algorithm) || vec(value)).
   */
  'check-transport': {
    request: {
      readonly transportId: string
      readonly direction: 'send' | 'recv'
      readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[]
      readonly signature: Uint8Array
    }
    reply: Record<string, never>
  }
  /**
   * A fresh meeting token for the same session and device: answered by a new HELLO to everybody. After E_TOKEN_KEY it
   * comes again with the key set as it is served now, which is held against the pin as at the start.
   */
  'new-token': {
    request: { readonly token: string; readonly tokenAgeMs: number; readonly keySet?: string }
    reply: Record<string, never>
  }
  /** The streams this member is about to send. Resolves once their keys are made and spread. */
  publish: {
    request: { readonly streams: readonly StreamDescriptor[] }
    reply: Record<string, never>
  }
  /**
   * Puts a member out of the meeting, and its device for the rest of the session. Everybody changes keys at once.
   * E_STATE unless we are a moderator and the member is there.
   */
  'remove-member': { request: { readonly memberId: string }; reply: Record<string, never> }
  /** Lets nobody new in, or opens the meeting again. E_STATE unless we are a moderator. */
  lock: { request: { readonly locked: boolean }; reply: Record<string, never> }
  /**
   * What two people compare to be sure of each other's devices: 60 digits in twelve groups of five, the same on both
   * sides, and the whole hash as text for a QR code. E_STATE when the member is not there.
   */
  'safety-number': {
    request: { readonly memberId: string }
    reply: { readonly digits: string; readonly qr: string }
  }
  /** Notes that the safety numbers were compared (or that this was a mistake); kept beyond the meeting. */
  'verify-member': {
    request: { readonly memberId: string; readonly verified: boolean }
    reply: Record<string, never>
  }
  /** Lets in the `changed` device of a verified person: it becomes `known`, and is given keys. */
  'accept-device': { request: { readonly memberId: string }; reply: Record<string, never> }
  /**
   * Begins a run of the meeting code, which everybody then sees (`code` events). E_STATE alone, with more than 50
   * people, during another run, or after three mismatches.
   */
  'start-code': { request: Record<string, never>; reply: Record<string, never> }
  /** What the people said of the code that is shown: `equal` or not. The others are told. */
  'judge-code': { request: { readonly equal: boolean }; reply: Record<string, never> }
  /** Sends text (1..4000 characters) to everybody. Resolves when it is sealed and sent. E_LEN, E_NO_KEY, E_POLICY when
   * our token allows no messages, and E_STATE above ten messages in a second. */
  chat: { request: { readonly text: string }; reply: Record<string, never> }
  stats: {
    request: Record<string, never>
    reply: {
      readonly transforms: readonly TransformStats[]
      /** Generation of our own current sender key, null before the first. It rises when somebody leaves. */
      readonly generation: number | null
      /** Ratchet step of that key, and since how many milliseconds its generation is in use. */
      readonly step: number | null
      readonly keyAgeMs: number | null
    }
  }
  /** Says goodbye to everybody and erases every key. Nothing works afterwards but a new `start`. */
  close: { request: Record<string, never>; reply: Record<string, never> }
}
export type CallType = keyof Calls

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
