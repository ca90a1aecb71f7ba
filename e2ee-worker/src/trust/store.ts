/**
 * What a browser profile remembers between meetings: the device key (non-extractable), the pinned TMMS root keys, the
 * newest checkpoints of their audit logs, and the devices of the people it met.
 */
import type { KnownDevice } from './known-devices.ts'

/** The RFC 7638 thumbprint of the root key this origin showed, and how we came to believe it. */
export interface Pin {
  readonly thumbprint: string
  /** `link`: it came with an invitation; `tofu`: it was simply the first one seen. */
  readonly source: 'link' | 'tofu'
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Issue time of the newest key set seen, in milliseconds; pins of earlier versions have none. */
  readonly newestSet?: number
}

/** A person is somebody's `sub` at one TMMS; it means nothing at another. */
export interface PersonKey {
  readonly origin: string
  readonly sub: string
}

export type Devices = readonly KnownDevice[]

export interface Store {
  deviceKey(): Promise<CryptoKeyPair | undefined>
  /** Keeps the pair unless one is there already; answers the one that is kept. */
  keepDeviceKey(pair: CryptoKeyPair): Promise<CryptoKeyPair>
  pin(origin: string): Promise<Pin | undefined>
  keepPin(origin: string, pin: Pin): Promise<void>
  /** The newest checkpoint of this origin's audit log that was seen (C2SP). */
  seenLog(origin: string): Promise<string | undefined>
  /** Keeps what `choose` makes of the checkpoint that is kept. */
  keepSeenLog(
    origin: string,
    choose: (kept: string | undefined) => string | undefined,
  ): Promise<void>
  /** What is remembered of a person's devices after `change`, which is applied to what was remembered before. */
  changeDevices(person: PersonKey, change: (devices: Devices) => Devices): Promise<Devices>
}

/** Forgets all of it with the page. */
export function memoryStore(): Store {
  const pins = new Map<string, Pin>()
  const logs = new Map<string, string>()
  const people = new Map<string, Devices>()
  let device: CryptoKeyPair | undefined
  return {
    deviceKey: () => Promise.resolve(device),
    keepDeviceKey: (pair) => Promise.resolve((device ??= pair)),
    pin: (origin) => Promise.resolve(pins.get(origin)),
    keepPin: (origin, pin) => {
      pins.set(origin, pin)
      return Promise.resolve()
    },
    seenLog: (origin) => Promise.resolve(logs.get(origin)),
    keepSeenLog: (origin, choose) => {
      const chosen = choose(logs.get(origin))
      if (chosen !== undefined) logs.set(origin, chosen)
      return Promise.resolve()
    },
    changeDevices: ({ origin, sub }, change) => {
      const key = JSON.stringify([origin, sub])
      const devices = change(people.get(key) ?? [])
      people.set(key, devices)
      return Promise.resolve(devices)
    },
  }
}
