/** What the page asks of the E2EE worker, and what each call is answered with. */
import type { E2eeCode } from './codes.ts'
import type { MemberId } from './member-view.ts'
import type { StreamDescriptor } from './streams.ts'

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
