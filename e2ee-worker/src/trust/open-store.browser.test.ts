/** What is remembered, in the browser's own IndexedDB: non-extractable keys in it are what no imitation shows. */
import { deleteDB, openDB } from 'idb'
import { beforeEach, expect, it } from 'vitest'
import { loadIdentity } from './identity.ts'
import { withMet, withTrust } from './known-devices.ts'
import { openStore } from './open-store.ts'

const NAME = 'huisclos-e2ee'
const BOB = { origin: 'https://a.example', sub: 'u_bob' }

beforeEach(() => deleteDB(NAME))

it('B4 the device key stays the same, and can be used but not read', async () => {
  const first = await loadIdentity(await openStore())
  const again = await loadIdentity(await openStore())
  expect(again.jkt).toBe(first.jkt)
  expect(again.privateKey.extractable).toBe(false)
})

it('a verified device is remembered, also when two tabs note something at once', async () => {
  const [one, two] = await Promise.all([openStore(), openStore()])
  await one.changeDevices(BOB, (devices) => withMet(devices, 'j1', 5))
  await Promise.all([
    one.changeDevices(BOB, (devices) => withMet(devices, 'j2', 6)),
    two.changeDevices(BOB, (devices) => withTrust(devices, 'j1', 'verified')),
  ])
  const later = await openStore()
  expect(await later.changeDevices(BOB, (devices) => devices)).toMatchObject([
    { jkt: 'j1', trust: 'verified' },
    { jkt: 'j2', trust: 'seen' },
  ])
})

it('a database of the first release keeps its device and its pins', async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const old = await openDB(NAME, 1, {
    upgrade(database) {
      database.createObjectStore('device')
      database.createObjectStore('pins')
    },
  })
  await old.put('device', pair, 'ik')
  await old.put('pins', { thumbprint: 't', source: 'link', since: 3 }, 'o')
  old.close()
  const store = await openStore()
  const kept = await store.deviceKey()
  const point = (key: CryptoKey): Promise<ArrayBuffer> => crypto.subtle.exportKey('raw', key)
  expect(await point(kept!.publicKey)).toEqual(await point(pair.publicKey))
  expect(await store.pin('o')).toEqual({ thumbprint: 't', source: 'link', since: 3 })
  expect(await store.changeDevices(BOB, (devices) => withMet(devices, 'j1', 5))).toHaveLength(1)
})
