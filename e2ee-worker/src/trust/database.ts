/** The IndexedDB behind the store: device key, pins, checkpoints and known devices, and how many of those are kept. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb'
import type { Devices, PersonKey, Pin, Store } from './store.ts'

const NAME = 'huisclos-e2ee'
const VERSION = 3
const MAX_PEOPLE = 5000

/** What a full disk leaves possible: reading. */
export interface Database extends Store {
  devices(person: PersonKey): Promise<Devices>
}

interface Person {
  readonly origin: string
  readonly sub: string
  readonly devices: Devices
  /** 1 when a device of this person was verified: these are forgotten last. */
  readonly verified: 0 | 1
  readonly lastSeenMs: number
}

interface Schema extends DBSchema {
  device: { key: 'ik'; value: CryptoKeyPair }
  pins: { key: string; value: Pin }
  logs: { key: string; value: string }
  people: { key: [string, string]; value: Person; indexes: { worth: [number, number] } }
}

export async function openDatabase(): Promise<Database> {
  const database = await openDB<Schema>(NAME, VERSION, {
    upgrade(upgraded, from) {
      if (from < 1) {
        upgraded.createObjectStore('device')
        upgraded.createObjectStore('pins')
      }
      if (from < 2) {
        const people = upgraded.createObjectStore('people', { keyPath: ['origin', 'sub'] })
        people.createIndex('worth', ['verified', 'lastSeenMs'])
      }
      if (from < 3) upgraded.createObjectStore('logs')
    },
    blocking: () => void leave(),
  })
  let left: readonly Person[] | null = null
  // A page of a later release wants to change the database and waits only until we know by heart what is in it: nobody
  // verified may turn into a stranger.
  async function leave(): Promise<void> {
    try {
      left = await database.getAll('people')
    } finally {
      database.close()
    }
  }
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
    seenLog: (origin) => database.get('logs', origin),
    // One transaction, so that a tab that was slow does not replace what a faster one saw.
    keepSeenLog: async (origin, choose) => {
      const transaction = database.transaction('logs', 'readwrite')
      const kept = await transaction.store.get(origin)
      const chosen = choose(kept)
      if (chosen !== undefined && chosen !== kept) await transaction.store.put(chosen, origin)
      await transaction.done
    },
    devices: async ({ origin, sub }) => {
      const person = left
        ? left.find((one) => one.origin === origin && one.sub === sub)
        : await database.get('people', [origin, sub])
      return person?.devices ?? []
    },
    changeDevices: (person, change) => changeDevices(database, person, change),
  }
}

/** One transaction, so that two tabs in two meetings do not forget what the other one learned. */
async function changeDevices(
  database: IDBPDatabase<Schema>,
  { origin, sub }: PersonKey,
  change: (devices: Devices) => Devices,
): Promise<Devices> {
  const transaction = database.transaction('people', 'readwrite')
  const before = await transaction.store.get([origin, sub])
  const devices = change(before?.devices ?? [])
  await transaction.store.put({
    ...{ origin, sub, devices },
    verified: devices.some(({ trust }) => trust === 'verified') ? 1 : 0,
    lastSeenMs: Math.max(...devices.map(({ lastSeenMs }) => lastSeenMs), 0),
  })
  if (before === undefined) await forgetOldest(transaction)
  await transaction.done
  return devices
}

type PeopleTransaction = IDBPTransaction<Schema, ['people'], 'readwrite'>

async function forgetOldest({ store }: PeopleTransaction): Promise<void> {
  let excess = (await store.count()) - MAX_PEOPLE
  if (excess <= 0) return
  let cursor = await store.index('worth').openCursor()
  while (cursor && excess-- > 0) {
    await cursor.delete()
    cursor = await cursor.continue()
  }
}
