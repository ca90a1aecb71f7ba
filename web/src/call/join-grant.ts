/** The grant of the TMMS for this meeting, asked for with a proof of the device, and the moment it was received. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Grant, MeetingServer } from './meeting-server.ts'
import { codeOf } from './outcome/errors.ts'
import { outcomeOf } from './outcome/table.ts'

/** Time as a grant sees it. */
export interface GrantClock {
  /** Milliseconds that only rise. Some systems stop counting while they sleep. */
  readonly monotonic: () => number
  /** Milliseconds since the epoch, as far as this computer knows. */
  readonly wall: () => number
}

const systemGrantClock: GrantClock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
}

export interface JoinGrantOptions {
  readonly e2ee: Pick<E2eeClient, 'call'>
  readonly server: MeetingServer
  /** RFC 7638 thumbprint of the TMMS's root key from the link. */
  readonly pin: string | null
  readonly clock?: GrantClock
}

/** The time of the encryption hangs on the token's issue time, so whoever uses a token late says how late. */
export class JoinGrant {
  readonly token: string
  readonly tcsOrigin: string
  readonly #clock: GrantClock
  readonly #endsInMs: number
  readonly #received: number
  readonly #receivedWall: number

  constructor({ token, tcsOrigin, endsInMs }: Grant, clock: GrantClock) {
    this.token = token
    this.tcsOrigin = tcsOrigin
    this.#endsInMs = endsInMs
    this.#clock = clock
    this.#received = clock.monotonic()
    this.#receivedWall = clock.wall()
  }

  /** Milliseconds since it was received. */
  get ageMs(): number {
    return this.#clock.monotonic() - this.#received
  }

  /** Milliseconds to the planned end; negative after it. */
  get endsInMs(): number {
    return this.#endsInMs - this.ageMs
  }

  /** Whether both clocks agree that it came within this time: one stops in sleep, the other may be set. */
  isYoungerThan(ms: number): boolean {
    const wallAge = Math.abs(this.#clock.wall() - this.#receivedWall)
    return Math.max(this.ageMs, wallAge) < ms
  }

  /**
   * Only the server that this browser knows may refuse: an impostor would have people sign in with him.
   * @throws the refusal of the TMMS, or E2eeError E_PIN when it is not the one that link and browser know
   */
  static async fetch(options: JoinGrantOptions): Promise<JoinGrant> {
    const { e2ee, server, clock = systemGrantClock } = options
    try {
      const grant = await server.fetchGrant((request) => e2ee.call('prove-device', request))
      return new JoinGrant(grant, clock)
    } catch (error) {
      if (outcomeOf(codeOf(error)).atTheDoor === true) await checkServer(options)
      throw error
    }
  }
}

async function checkServer({ e2ee, server, pin }: JoinGrantOptions): Promise<void> {
  const keySet = await server.fetchKeySet()
  await e2ee.call('check-server', { tmmsOrigin: server.origin, pin, keySet })
}
