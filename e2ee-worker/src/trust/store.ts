/**
 * What a browser profile remembers between meetings: the device key (non-extractable), the pinned TMMS root keys, and
 * the devices of the people it met.
 */
import { openDatabase, type Database } from './database.ts'
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
  /** What is remembered of a person's devices after `change`, which is applied to what was remembered before. */
  changeDevices(person: PersonKey, change: (devices: Devices) => Devices): Promise<Devices>
}

/** IndexedDB, or memory where there is none (private windows): the device is then a new one each time. */
export async function openStore(): Promise<Store> {
  try {
    return fromDatabase(await openDatabase())
  } catch {
    return memoryStore()
  }
}

export function memoryStore(): Store {
  const pins = new Map<string, Pin>()
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
    changeDevices: ({ origin, sub }, change) => {
      const key = JSON.stringify([origin, sub])
      const devices = change(people.get(key) ?? [])
      people.set(key, devices)
      return Promise.resolve(devices)
    },
  }
}

/** A private window may offer a database and still refuse keys in it: then memory has the last word. */
function fromDatabase(database: Database): Store {
  const memory = memoryStore()
  return {
    deviceKey: async () => (await memory.deviceKey()) ?? (await database.deviceKey()),
    keepDeviceKey: (pair) => database.keepDeviceKey(pair).catch(() => memory.keepDeviceKey(pair)),
    pin: async (origin) => (await memory.pin(origin)) ?? (await database.pin(origin)),
    keepPin: (origin, pin) =>
      database.keepPin(origin, pin).catch(() => memory.keepPin(origin, pin)),
    changeDevices: async (person, change) => {
      try {
        return await database.changeDevices(person, change)
      } catch {
        // What could be read still counts: somebody verified must not turn into a stranger because a disk is full.
        const known = await database.devices(person)
        return memory.changeDevices(person, (here) => change(here.length > 0 ? here : known))
      }
    },
  }
}
