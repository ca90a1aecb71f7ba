/**
 * What a browser profile remembers between meetings: the device key (non-extractable) and the pinned TMMS root keys.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** The RFC 7638 thumbprint of the root key this origin showed, and how we came to believe it. */
export interface Pin {
  readonly thumbprint: string
  /** `link`: it came with an invitation; `tofu`: it was simply the first one seen. */
  readonly source: 'link' | 'tofu'
  /** Milliseconds since the epoch. */
  readonly since: number
}

export interface Store {
  deviceKey(): Promise<CryptoKeyPair | undefined>
  /** Keeps the pair unless one is there already; answers the one that is kept. */
  keepDeviceKey(pair: CryptoKeyPair): Promise<CryptoKeyPair>
  pin(origin: string): Promise<Pin | undefined>
  keepPin(origin: string, pin: Pin): Promise<void>
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
  let device: CryptoKeyPair | undefined
  return {
    deviceKey: () => Promise.resolve(device),
    keepDeviceKey: (pair) => Promise.resolve((device ??= pair)),
    pin: (origin) => Promise.resolve(pins.get(origin)),
    keepPin: (origin, pin) => {
      pins.set(origin, pin)
      return Promise.resolve()
    },
  }
}

interface Schema extends DBSchema {
  device: { key: 'ik'; value: CryptoKeyPair }
  pins: { key: string; value: Pin }
}

function openDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>('huisclos-e2ee', 1, {
    upgrade(database) {
      database.createObjectStore('device')
      database.createObjectStore('pins')
    },
  })
}

/** A private window may offer a database and still refuse keys in it: then memory has the last word. */
function fromDatabase(database: IDBPDatabase<Schema>): Store {
  const memory = memoryStore()
  const kept = databaseStore(database)
  return {
    deviceKey: async () => (await memory.deviceKey()) ?? (await kept.deviceKey()),
    keepDeviceKey: (pair) => kept.keepDeviceKey(pair).catch(() => memory.keepDeviceKey(pair)),
    pin: async (origin) => (await memory.pin(origin)) ?? (await kept.pin(origin)),
    keepPin: (origin, pin) => kept.keepPin(origin, pin).catch(() => memory.keepPin(origin, pin)),
  }
}

function databaseStore(database: IDBPDatabase<Schema>): Store {
  return {
    deviceKey: () => database.get('device', 'ik'),
    // One transaction, so that two tabs on first use agree on one device key.
    keepDeviceKey: async (pair) => {
      const transaction = database.transaction('device', 'readwrite')
      const kept = (await transaction.store.get('ik')) ?? pair
      if (kept === pair) await transaction.store.put(pair, 'ik')
      await transaction.done
      return kept
    },
    pin: (origin) => database.get('pins', origin),
    keepPin: async (origin, pin) => {
      await database.put('pins', pin, origin)
    },
  }
}
