/** Chooses where a browser profile remembers: in its database as far as it can, and in memory beyond that. */
import { openDatabase, type Database } from './database.ts'
import { memoryStore, type Store } from './store.ts'

/** IndexedDB, or memory where there is none (private windows): the device is then a new one each time. */
export async function openStore(): Promise<Store> {
  try {
    return fromDatabase(await openDatabase())
  } catch {
    return memoryStore()
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
    seenLog: async (origin) => (await memory.seenLog(origin)) ?? (await database.seenLog(origin)),
    keepSeenLog: (origin, choose) =>
      database.keepSeenLog(origin, choose).catch(() => memory.keepSeenLog(origin, choose)),
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
