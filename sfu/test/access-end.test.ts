/** E1 to E7 through a real relay: with access ends everything that was given for it, at once. */
import { expect, test } from 'vitest'
import { errorOf, TurnClient } from './turn-client.ts'
import { Network } from './network.ts'
import { openTestTunnel } from './tunnel.ts'

test('E1 the end of access ends sockets, allocations and unused credentials of these people only', async () => {
  const relay = await openTestTunnel()
  const network = await Network.open({
    mintRelay: (owner) => relay.secret.mint(owner, Date.now()),
    revokeRelay: (end) => {
      relay.secret.revoke(end)
      relay.tunnel.drop((username) => relay.secret.isRevoked(username))
    },
  })
  const connect = async (): Promise<TurnClient> => TurnClient.connect(relay.port)
  const [ann, bob] = [
    await network.join({ claims: { sub: 'ann' } }),
    await network.join({ claims: { sub: 'bob' } }),
  ]
  const [annsPath, bobsPath] = [await connect(), await connect()]
  expect(errorOf(await annsPath.allocate(ann.admission.relay))).toBe(0)
  expect(errorOf(await bobsPath.allocate(bob.admission.relay))).toBe(0)
  const spare = await ann.request('relay-credentials', {})

  network.tcs.endAccess({ sub: 'ann', atMs: Date.now(), reason: 'signed-out' })
  expect(await ann.next('goodbye')).toEqual({ code: 'signed-out' })
  await Promise.all([ann.ended(), annsPath.closed])
  expect(errorOf(await (await connect()).allocate(spare))).toBe(401)
  expect(await bob.next('peer-left')).toEqual({ peerId: ann.id, reason: 'left' })
  expect(errorOf(await (await connect()).allocate(bob.admission.relay))).toBe(0)
  expect(relay.tunnel.counters().allocations).toBe(2)
  await network.close()
  await relay.close()
})
