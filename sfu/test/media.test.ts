/** Media end to end: werift -> TURNS on the one port -> TCP to the worker -> the other way round, and what the tap sees. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RelaySecret } from '../src/tunnel/credentials.ts'
import { openTunnel, type Tunnel } from '../src/tunnel/listener.ts'
import { makeCertificate } from './certificate.ts'
import { MediaClient } from './media-client.ts'
import { Network, PEER_ADDRESS } from './network.ts'

interface Tapped {
  readonly packet: Buffer
  readonly peerId: string
  readonly source: string
}

const tapped: Tapped[] = []
let network: Network
let tunnel: Tunnel
let ca: string

beforeAll(async () => {
  const tls = await makeCertificate()
  ca = tls.cert
  const secret = new RelaySecret()
  const relayUrls: string[] = []
  network = await Network.open({
    relayUrls,
    mintRelay: (owner) => secret.mint(owner, Date.now()),
    onRtp: (packet, from) => tapped.push({ packet: Buffer.from(packet), ...from }),
  })
  tunnel = await openTunnel({
    host: '127.0.0.1',
    port: 0,
    tls,
    http: network.http,
    relay: {
      realm: 'meet.example.org',
      passwordOf: (username) => secret.passwordOf(username, Date.now()),
      peerAddress: PEER_ADDRESS,
      workerPort: (address, port) => network.tcs.workerPort(address, port),
      relayAddress: '198.51.100.2',
      nullFrames: false,
    },
  })
  relayUrls.push(`turns:127.0.0.1:${tunnel.port}?transport=tcp`)
})
afterAll(async () => {
  await network.close()
  await tunnel.close()
})

/** Resolves with the first payload that the receiver gets. */
async function firstPayload(receiver: MediaClient, producerId: string): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  await receiver.receive(producerId, resolve)
  return promise
}

/** Two people in a meeting session of their own. */
async function couple(): Promise<[MediaClient, MediaClient]> {
  const claims = { msid: randomUUID() }
  const enter = async (): Promise<MediaClient> =>
    new MediaClient(await network.join({ claims }), ca)
  return [await enter(), await enter()]
}

/** Sends for a while what nobody should hear, then long enough something else for the first to be through, then acts. */
async function sendThen(sender: MediaClient, act: () => Promise<unknown>): Promise<void> {
  for (const text of ['too early', 'afterwards']) {
    sender.payload = Buffer.from(text)
    const enough = sender.sent + 10
    await expect.poll(() => sender.sent, { timeout: 10_000 }).toBeGreaterThan(enough)
  }
  await act()
}

function hearUntil(last: string): { listen: (payload: Buffer) => void; all: Promise<Set<string>> } {
  const heard = new Set<string>()
  const { promise: all, resolve } = Promise.withResolvers<Set<string>>()
  const listen = (payload: Buffer): void => {
    heard.add(payload.toString())
    if (heard.has(last)) resolve(heard)
  }
  return { listen, all }
}

describe('through the tunnel', { timeout: 60_000 }, () => {
  test('what one peer sends is what the other receives, and the tap sees the same bytes', async () => {
    const [sender, receiver] = await couple()
    sender.payload = randomBytes(80)
    const { producerId } = await sender.send()
    expect(await firstPayload(receiver, producerId)).toEqual(sender.payload)
    await expect.poll(() => tapped.length).toBeGreaterThan(0)
    const { packet, peerId, source } = tapped[0]!
    expect({ peerId, source }).toEqual({ peerId: sender.peer.id, source: 'audio' })
    expect(packet.subarray(-sender.payload.length)).toEqual(sender.payload)
    await Promise.all([sender.close(), receiver.close()])
  })

  test('nothing of a paused producer is forwarded', async () => {
    const [sender, receiver] = await couple()
    const { producerId } = await sender.send()
    await sender.peer.request('pause-producer', { producerId })
    const heard = hearUntil('afterwards')
    await receiver.receive(producerId, heard.listen)
    await sendThen(sender, () => sender.peer.request('resume-producer', { producerId }))
    expect(await heard.all).toEqual(new Set(['afterwards']))
    await Promise.all([sender.close(), receiver.close()])
  })

  test('nothing is forwarded to a consumer before it is resumed', async () => {
    const [sender, receiver] = await couple()
    const { producerId } = await sender.send()
    const heard = hearUntil('afterwards')
    const consumerId = await receiver.consume(producerId, heard.listen)
    await sendThen(sender, () => receiver.peer.request('resume-consumer', { consumerId }))
    expect(await heard.all).toEqual(new Set(['afterwards']))
    await Promise.all([sender.close(), receiver.close()])
  })

  test('everybody learns who speaks, and when nobody does', async () => {
    const [sender, receiver] = await couple()
    const { producerId } = await sender.send()
    expect(await receiver.peer.next('active-speakers')).toEqual({ peerIds: [sender.peer.id] })
    await sender.peer.request('pause-producer', { producerId })
    expect(await receiver.peer.next('active-speakers')).toEqual({ peerIds: [] })
    await Promise.all([sender.close(), receiver.close()])
  })

  test('the TCS says so when the connection to the relay is cut', async () => {
    const [sender, receiver] = await couple()
    const { producerId, transportId } = await sender.send()
    await firstPayload(receiver, producerId)
    expect(tunnel.drop(() => true)).toBeGreaterThan(0)
    expect(await sender.peer.next('transport-disconnected')).toEqual({ transportId })
    const { iceParameters } = await sender.peer.request('restart-ice', { transportId })
    expect(iceParameters).toHaveProperty('usernameFragment')
    await Promise.all([sender.close(), receiver.close()])
  })

  test('N1 a client with another certificate than it announced is cut off', async () => {
    const sender = new MediaClient(await network.join(), ca)
    const value = Array(32).fill('ab').join(':')
    const { transportId } = await sender.send({ fingerprints: [{ algorithm: 'sha-256', value }] })
    expect(await sender.peer.next('transport-disconnected')).toEqual({ transportId })
    expect(await sender.peer.ask('restart-ice', { transportId })).toEqual({
      ok: false,
      code: 'not-found',
    })
    await sender.close()
  })
})
