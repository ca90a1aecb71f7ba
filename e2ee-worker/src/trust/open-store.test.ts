import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadIdentity } from './identity.ts'
import { withMet, withTrust } from './known-devices.ts'
import { openStore } from './open-store.ts'
import type { Devices, PersonKey, Store } from './store.ts'

const BOB: PersonKey = { origin: 'https://a.example', sub: 'u_bob' }

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(() => {
  vi.restoreAllMocks()
})

function read(store: Store, person = BOB): Promise<Devices> {
  return store.changeDevices(person, (devices) => devices)
}

function meet(store: Store, person = BOB, nowMs = 5): Promise<Devices> {
  return store.changeDevices(person, (devices) => withMet(devices, 'j1', nowMs))
}

describe('the devices of a person', () => {
  it('are found again in a later session, apart for each TMMS and person', async () => {
    await meet(await openStore())
    const later = await openStore()
    expect(await read(later)).toMatchObject([{ jkt: 'j1', trust: 'seen' }])
    expect(await read(later, { ...BOB, sub: 'u_other' })).toEqual([])
    expect(await read(later, { ...BOB, origin: 'https://b.example' })).toEqual([])
  })

  it('lose nothing when two tabs note something at once', async () => {
    const [one, two] = await Promise.all([openStore(), openStore()])
    await meet(one)
    await Promise.all([
      one.changeDevices(BOB, (devices) => withMet(devices, 'j2', 6)),
      two.changeDevices(BOB, (devices) => withTrust(devices, 'j1', 'verified')),
    ])
    expect(await read(one)).toMatchObject([
      { jkt: 'j1', trust: 'verified' },
      { jkt: 'j2', trust: 'seen' },
    ])
  })

  it('are known for 5000 people, those with a verified device longest', async () => {
    const store = await openStore()
    const friend = { ...BOB, sub: 'friend' }
    await meet(store, friend, 1)
    await store.changeDevices(friend, (devices) => withTrust(devices, 'j1', 'verified'))
    for (let i = 0; i < 5001; i++) await meet(store, { ...BOB, sub: `p${i}` }, i + 2)
    expect(await read(store, friend)).toHaveLength(1)
    const remembered = await Promise.all(
      ['p0', 'p1', 'p2', 'p5000'].map((sub) => read(store, { ...BOB, sub })),
    )
    expect(remembered.map(({ length }) => length)).toEqual([0, 0, 1, 1])
  })

  it('B8 are remembered while the page lives when the database takes nothing more', async () => {
    await meet(await openStore())
    const store = await openStore()
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await store.changeDevices(BOB, (devices) => withTrust(devices, 'j1', 'verified'))
    expect(await read(store)).toMatchObject([{ jkt: 'j1', trust: 'verified' }])
  })
})

it('a database of the first release keeps its device and its pins', async () => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])
  const old = await openDB('huisclos-e2ee', 1, {
    upgrade(database) {
      void database.createObjectStore('device').put(pair, 'ik')
      void database
        .createObjectStore('pins')
        .put({ thumbprint: 't', source: 'link', since: 3 }, 'o')
    },
  })
  old.close()
  const store = await openStore()
  expect(await store.pin('o')).toEqual({ thumbprint: 't', source: 'link', since: 3 })
  expect((await loadIdentity(store)).jkt).toBe((await loadIdentity(await openStore())).jkt)
  expect(await store.deviceKey()).toBeDefined()
  expect(await meet(store)).toHaveLength(1)
})

it('a page of a later release can change the database while this one is open', async () => {
  await meet(await openStore())
  const later = await openDB('huisclos-e2ee', 3)
  expect([...later.objectStoreNames]).toContain('people')
})

it('R6 who was verified stays so in a page that gave up the database to a later release', async () => {
  const store = await openStore()
  await meet(store)
  await store.changeDevices(BOB, (devices) => withTrust(devices, 'j1', 'verified'))
  const later = await openDB('huisclos-e2ee', 3)
  const known = await store.changeDevices(BOB, (devices) => withMet(devices, 'j2', 6))
  expect(known).toMatchObject([
    { jkt: 'j1', trust: 'verified' },
    { jkt: 'j2', trust: 'seen' },
  ])
  expect(await read(store)).toHaveLength(2)
  later.close()
})

it('R6 people of whom nothing can be read are nobody we could take for new', async () => {
  const store = await openStore()
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(() => {
    throw new DOMException('broken', 'UnknownError')
  })
  await expect(meet(store)).rejects.toThrow('broken')
})

describe('the audit log of a server, as it was seen last', () => {
  const [here, there] = ['https://a.example', 'https://b.example']

  it('is found again in a later session, apart for each server', async () => {
    const store = await openStore()
    await store.keepSeenLog(here, () => 'note 1')
    const later = await openStore()
    expect([await later.seenLog(here), await later.seenLog(there)]).toEqual(['note 1', undefined])
  })

  it('is chosen in one transaction, so that a slow tab sees what a faster one kept', async () => {
    const [one, two] = await Promise.all([openStore(), openStore()])
    const longer = (note: string) => (kept: string | undefined) =>
      (kept?.length ?? 0) > note.length ? kept : note
    await Promise.all([
      one.keepSeenLog(here, longer('longest')),
      two.keepSeenLog(here, longer('short')),
    ])
    expect(await one.seenLog(here)).toBe('longest')
  })

  it('is remembered with the page where the disk is full', async () => {
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const store = await openStore()
    await store.keepSeenLog(here, () => 'note 1')
    expect(await store.seenLog(here)).toBe('note 1')
  })
})
