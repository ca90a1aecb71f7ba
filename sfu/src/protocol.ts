/**
 * What a client and the TCS say to each other over the socket (socket.io, WebSocket only, path `/tcs`).
 *
 * Life of a connection: the TCS emits `challenge`; the client answers with `authenticate`; only then do `request`
 * and `event` exist. Media descriptions are mediasoup's own and are carried as plain data.
 */

export const SOCKET_PATH = '/tcs'

/** The member id of E2EE1 (32 hex digits), computed by the TCS from the proof: nobody can choose another's. */
export type PeerId = string & { readonly __brand: 'PeerId' }

export type Source = 'audio' | 'video' | 'screen' | 'screen-audio'

export type TcsCode =
  /** Token missing, malformed, wrong, expired, or not proved to be the sender's own: one code, no oracle. */
  | 'refused'
  | 'token-in-use'
  | 'too-slow'
  | 'too-many-messages'
  | 'bad-request'
  | 'not-found'
  | 'not-allowed'
  | 'replaced'
  | AccessEndCode
  | 'room-full'
  /** This account is connected from as many devices as it may be. */
  | 'too-many-devices'
  | 'shutting-down'
  | 'media-unavailable'
  | 'internal'

/** Why access that began with a token has ended: the last word to whoever was in, and the answer to older tokens. */
export type AccessEndCode =
  /** A moderator put this person out. */
  | 'removed'
  /** Taken off the list of the invited. */
  | 'uninvited'
  /** Password reset, or signed out everywhere. */
  | 'signed-out'
  /** The account is suspended or deleted. */
  | 'suspended'
  /** Cancelled, or ended by whoever may. */
  | 'meeting-ended'
  /** Come back with a token issued at least a second later: it says what still holds. */
  | 'rights-changed'

export interface Failure {
  readonly ok: false
  readonly code: TcsCode
}
export type Answer<T> = { readonly ok: true; readonly data: T } | Failure

/** 32 random bytes to be signed, and the origin to sign with them. First message of every connection. */
export interface Challenge {
  readonly challenge: Uint8Array
  readonly tcsOrigin: string
}

/** Proof of possession of the device key named by the token (`cnf.jkt`). */
export interface Authenticate {
  readonly token: string
  /** Device key, uncompressed P-256 point, 65 bytes. */
  readonly ikPub: Uint8Array
  /** The E2EE1 session nonce, 32 bytes: with `msid` and `ikPub` it makes the member id. */
  readonly nonce: Uint8Array
  /** ECDSA P-256/SHA-256, raw r||s, over "E2EE1 tcs auth\0" || challenge || SHA-256(token) || tcsOrigin. */
  readonly signature: Uint8Array
  /** 32 fresh bytes; the TCS answers them with `Admission.identity`. */
  readonly clientChallenge: Uint8Array
}

/**
 * Proof that this TCS is the one the TMMS certifies, which no certificate authority can forge: ECDSA P-256/SHA-256, raw
 * r||s, over "E2EE1 tcs identity\0" || clientChallenge || SHA-256(token) || peerId[16] || vec(tcsOrigin).
 */
export interface TcsIdentity {
  /** RFC 7638 thumbprint of the TCS identity key, which the TMMS's key set names. */
  readonly kid: string
  readonly signature: Uint8Array
}

/** Short-lived TURN credentials (RFC 8656, long-term mechanism) of one member in one session. */
export interface RelayCredentials {
  readonly urls: readonly string[]
  readonly username: string
  readonly credential: string
  /** Milliseconds since the epoch. Ask again before (`relay-credentials`). */
  readonly expiresAtMs: number
}

export interface Admission {
  readonly peerId: PeerId
  readonly identity: TcsIdentity
  readonly relay: RelayCredentials
  /** 'relay' unless the administrator allows direct UDP. */
  readonly iceTransportPolicy: 'relay' | 'all'
  /** mediasoup RtpCapabilities of the router. */
  readonly routerRtpCapabilities: object
  /** Which video codec the administrator wants cameras to use. */
  readonly videoCodec: 'vp8' | 'vp9'
}

export interface ProducerInfo {
  readonly producerId: string
  readonly peerId: PeerId
  readonly kind: 'audio' | 'video'
  readonly source: Source
  readonly paused: boolean
}

export interface TransportInfo {
  readonly transportId: string
  readonly iceParameters: object
  readonly iceCandidates: readonly object[]
  readonly dtlsParameters: object
  /**
   * By the identity key, over "E2EE1 tcs transport\0" || clientChallenge || SHA-256(token) || u8 direction (0 send,
   * 1 recv) || vec(transportId) || u8 n || n x (vec(algorithm) || vec(value)) of the DTLS fingerprints as listed. For
   * each transport, because a media worker that is replaced has another DTLS certificate.
   */
  readonly signature: Uint8Array
}

export interface ConsumerInfo {
  readonly consumerId: string
  readonly producerId: string
  readonly kind: 'audio' | 'video'
  readonly rtpParameters: object
  readonly producerPaused: boolean
  /** How many layers there are to choose from with `prefer-layers` (counted from 0); null for a single one. */
  readonly layers: { readonly spatial: number; readonly temporal: number } | null
}

type Empty = Record<string, never>

/** request type -> what is sent and what comes back. */
export interface Requests {
  /**
   * Enter the room. Only now do the others hear of this peer; before, it may wait for 30 minutes. What follows need not
   * wait for the reply: requests of one connection are begun in the order in which they were sent.
   */
  join: {
    request: { readonly rtpCapabilities: object }
    reply: { readonly peers: readonly PeerId[]; readonly producers: readonly ProducerInfo[] }
  }
  /** Leave for good (a cut connection may come back, a peer that left does not). */
  leave: { request: Empty; reply: Empty }
  /** A newer token of the same account, meeting, session and device; streams that it does not permit are closed. */
  'renew-token': { request: { readonly token: string }; reply: Empty }
  'relay-credentials': { request: Empty; reply: RelayCredentials }
  'create-transport': { request: { readonly direction: 'send' | 'recv' }; reply: TransportInfo }
  'connect-transport': {
    request: { readonly transportId: string; readonly dtlsParameters: object }
    reply: Empty
  }
  'restart-ice': {
    request: { readonly transportId: string }
    reply: { readonly iceParameters: object }
  }
  /** At most one producer per source and peer. */
  produce: {
    request: {
      readonly transportId: string
      readonly kind: 'audio' | 'video'
      readonly source: Source
      readonly rtpParameters: object
      readonly paused: boolean
    }
    reply: { readonly producerId: string }
  }
  'pause-producer': { request: { readonly producerId: string }; reply: Empty }
  'resume-producer': { request: { readonly producerId: string }; reply: Empty }
  'close-producer': { request: { readonly producerId: string }; reply: Empty }
  /** The consumer starts paused: attach the transform, then `resume-consumer`. */
  consume: {
    request: { readonly transportId: string; readonly producerId: string }
    reply: ConsumerInfo
  }
  'pause-consumer': { request: { readonly consumerId: string }; reply: Empty }
  'resume-consumer': { request: { readonly consumerId: string }; reply: Empty }
  'close-consumer': { request: { readonly consumerId: string }; reply: Empty }
  'prefer-layers': {
    request: { readonly consumerId: string; readonly spatial: number; readonly temporal: number }
    reply: Empty
  }
  'request-key-frame': { request: { readonly consumerId: string }; reply: Empty }
  /** Opaque E2EE bytes for one member of this room or for all others. At most 64 kB. */
  'e2ee-message': {
    request: { readonly to: PeerId | '*'; readonly bytes: Uint8Array }
    reply: Empty
  }
  /**
   * The same for many members at once (a rotation of keys): `bytes` holds the messages one after the other, with their
   * lengths and addressees. At most 500 messages and 200 kB; addressees who have left are passed over.
   */
  'e2ee-messages': {
    request: {
      readonly to: readonly PeerId[]
      readonly lengths: readonly number[]
      readonly bytes: Uint8Array
    }
    reply: Empty
  }
}
export type RequestType = keyof Requests

/** event type -> payload, TCS to client. */
export interface Events {
  'peer-joined': { readonly peerId: PeerId }
  /** `left`: said so, or was removed; `lost`: its connection was cut. */
  'peer-left': { readonly peerId: PeerId; readonly reason: 'left' | 'lost' }
  'producer-added': ProducerInfo
  'producer-paused': { readonly producerId: string }
  'producer-resumed': { readonly producerId: string }
  'producer-closed': { readonly producerId: string }
  /** `from` is stamped by the TCS. */
  'e2ee-message': { readonly from: PeerId; readonly bytes: Uint8Array }
  /** The ICE connection of this transport is gone: restart ICE now, do not wait for the browser to notice. */
  'transport-disconnected': { readonly transportId: string }
  /** The media worker died: every transport, producer and consumer is gone. Make new ones. Keys and roster stay. */
  'media-reset': Empty
  /** Loudest speakers first, from RTP audio levels; empty when nobody speaks. */
  'active-speakers': { readonly peerIds: readonly PeerId[] }
  /** Last word before the TCS closes the connection. */
  goodbye: { readonly code: TcsCode }
}
export type EventType = keyof Events

/** socket.io event names and their arguments. */
export interface ServerToClient {
  challenge: (challenge: Challenge) => void
  event: (type: EventType, payload: Events[EventType]) => void
}
export interface ClientToServer {
  authenticate: (proof: Authenticate, answer: (admission: Answer<Admission>) => void) => void
  request: (type: RequestType, request: unknown, answer: (reply: Answer<unknown>) => void) => void
}
