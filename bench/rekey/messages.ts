/** What the benchmark's processes say to each other. */

/** Milliseconds that mean the same in every process of this machine. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/** What a member is there for. Everybody takes part with a real session over a real socket. */
export interface Role {
  readonly number: number
  readonly publishes: boolean
  /** Opens every frame of every publisher, as a participant does. */
  readonly listens: boolean
  readonly moderates: boolean
  /** Meets only those who publish or listen: of 200 people on one machine, the rest would only keep it busy. */
  readonly viewer: boolean
}

export interface Meeting {
  readonly tcsUrl: string
  readonly keySet: string
  readonly pin: string
}

/** One publisher's key as far as a member got with it. */
export interface Arrival {
  readonly gen: number
  readonly at: number
}

/** Publisher's member id -> when frames of this generation were sealed first. */
export type Generations = Readonly<Record<string, Arrival>>

interface Probe {
  readonly from: string
  readonly wire: Uint8Array
}

/** What a listener heard since `listen`: longest run of lost frames, in frames. */
export interface Heard {
  readonly member: string
  readonly longestLoss: number
  readonly frames: number
}

/** command -> what is sent and what comes back. */
export interface Commands {
  join: {
    request: {
      readonly meeting: Meeting
      readonly role: Role
      readonly token: string
      /** Who publishes, by member id: whom a viewer meets. */
      readonly publishers: readonly string[]
    }
    reply: { readonly memberId: string }
  }
  identity: { request: { number: number }; reply: { jkt: string } }
  publish: { request: { number: number }; reply: null }
  /** Where the listeners of this process take frames in. */
  ears: { request: null; reply: number }
  /** Everybody of this process who publishes seals 50 frames a second from now on. */
  talk: { request: { readonly port: number }; reply: null }
  hush: { request: null; reply: null }
  generations: { request: null; reply: Generations }
  /** How many keys of these generations or newer members here lack. */
  missing: { request: { generations: Generations; gone: readonly string[] }; reply: number }
  /** When the last member here held the key and its publisher used it. */
  arrivals: { request: { generations: Generations; gone: readonly string[] }; reply: number }
  probes: { request: { gone: readonly string[] }; reply: readonly Probe[] }
  /** How many of the probes do not open for members here, and do for those gone. */
  tryProbes: {
    request: { probes: readonly Probe[]; gone: readonly string[] }
    reply: { readonly lost: number; readonly leaked: number }
  }
  listen: { request: null; reply: number }
  heard: { request: { gone: readonly string[] }; reply: readonly Heard[] }
  /** Goes by itself but keeps what it has; replies when it went. */
  leave: { request: { number: number }; reply: number }
  remove: { request: { number: number; victim: string }; reply: number }
  /** Stops listening to the meeting, but keeps its keys and hears every frame. */
  eavesdrop: { request: { number: number }; reply: null }
  /** When the last frame that somebody gone could open was sealed. */
  lastLeak: { request: { number: number }; reply: number }
  cpu: { request: null; reply: number }
  close: { request: null; reply: null }
}
