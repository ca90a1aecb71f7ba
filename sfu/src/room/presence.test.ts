/** Who is in which meeting, as the TMMS asks and is told. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PresenceChange } from '@huisclos/tmms/contract/presence'
import { Network } from '../../test/network.ts'

let nowMs = 0
let changes: PresenceChange[]
let network: Network
beforeEach(async () => {
  nowMs = Date.now()
  changes = []
  network = await Network.open({
    now: () => nowMs,
    onPresence: (change) => void changes.push(change),
  })
})
afterEach(() => network.close())

const told = () => changes.map(({ mid, there, atMs }) => ({ mid, there, atMs }))

describe('who is in a meeting', () => {
  test('is told when somebody comes and goes, in the order in which it happens', async () => {
    const peer = await network.join()
    const cameMs = nowMs
    expect(network.tcs.presence.count('meeting-1')).toBe(1)
    nowMs += 5_000
    await peer.request('leave', {})
    await expect.poll(() => network.tcs.presence.count('meeting-1')).toBe(0)
    expect(told()).toEqual([
      { mid: 'meeting-1', there: true, atMs: cameMs },
      { mid: 'meeting-1', there: false, atMs: nowMs },
    ])
    expect(changes[0]?.connection).toBe(changes[1]?.connection)
  })

  test('ends with the right to be in it, and whoever only waits is not in', async () => {
    await network.join()
    await network.admit()
    expect(network.tcs.presence.count('meeting-1')).toBe(1)
    network.tcs.endAccess({ mid: 'meeting-1', atMs: nowMs, reason: 'meeting-ended' })
    expect(network.tcs.presence.count('meeting-1')).toBe(0)
    expect(told().map(({ there }) => there)).toEqual([true, false])
  })

  test('has the numbers of the media server, and no address', async () => {
    const peer = await network.join()
    const { transportId } = await peer.transport('send')
    await peer.produceAudio(transportId)
    const [present] = await network.tcs.presence.peersIn('meeting-1')
    expect(present).toEqual({
      sub: expect.any(String) as string,
      sinceMs: nowMs,
      quality: { sendsBps: 0, receivesBps: 0, lostOfSent: null, lostOfReceived: null, score: null },
    })
    expect(await network.tcs.presence.peersIn('another')).toEqual([])
  })
})
