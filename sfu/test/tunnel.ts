/** A whole tunnel on a free port: real TLS, real HTTP, and fake workers behind it. */
import { createServer, type RequestListener } from 'node:http'
import { RelaySecret } from '../src/tunnel/credentials.ts'
import {
  openTunnel,
  type RelayOptions,
  type Tunnel,
  type TunnelLimits,
  type TunnelNote,
} from '../src/tunnel/listener.ts'
import { makeCertificate } from './certificate.ts'
import { FakeWorker } from './fake-worker.ts'
import { TurnClient, type Credentials } from './turn-client.ts'

export const PEER = { address: '198.51.100.1', port: 40_000 }
export const OTHER_PEER = { address: '198.51.100.1', port: 40_001 }

export interface TestTunnel {
  readonly tunnel: Tunnel
  readonly port: number
  readonly worker: FakeWorker
  readonly otherWorker: FakeWorker
  readonly secret: RelaySecret
  readonly notes: TunnelNote[]
  credentials(member?: string): Credentials
  client(): Promise<TurnClient>
  /** A client with an allocation and a permission for `PEER`. */
  permitted(member?: string): Promise<TurnClient>
  close(): Promise<void>
}

export async function openTestTunnel(
  options: {
    limits?: Partial<TunnelLimits>
    relay?: Partial<RelayOptions>
    onRequest?: RequestListener
  } = {},
): Promise<TestTunnel> {
  const [worker, otherWorker] = [await FakeWorker.open(), await FakeWorker.open()]
  const ports = new Map([
    [PEER.port, worker.port],
    [OTHER_PEER.port, otherWorker.port],
  ])
  const secret = new RelaySecret()
  const notes: TunnelNote[] = []
  const http = createServer(options.onRequest ?? ((_, response) => response.end('page')))
  const tunnel = await openTunnel({
    host: '127.0.0.1',
    port: 0,
    tls: await makeCertificate(),
    http,
    relay: {
      realm: 'huisclos.example',
      passwordOf: (username) => secret.passwordOf(username, Date.now()),
      peerAddress: PEER.address,
      workerPort: (address, port) => (address === PEER.address ? (ports.get(port) ?? null) : null),
      relayAddress: '198.51.100.2',
      nullFrames: false,
      ...options.relay,
    },
    limits: options.limits ?? {},
    onNote: (note) => notes.push(note),
  })
  const clients: TurnClient[] = []
  const credentials = (member = 'anna'): Credentials =>
    secret.mint({ sub: member, mid: 'meeting', member }, Date.now())
  const client = async (): Promise<TurnClient> => {
    const fresh = await TurnClient.connect(tunnel.port)
    clients.push(fresh)
    return fresh
  }
  return {
    tunnel,
    port: tunnel.port,
    worker,
    otherWorker,
    secret,
    notes,
    credentials,
    client,
    permitted: async (member) => {
      const fresh = await client()
      await fresh.allocate(credentials(member))
      await fresh.permit(PEER)
      return fresh
    },
    close: async () => {
      await Promise.all(clients.map((one) => one.close()))
      await tunnel.close()
      await Promise.all([worker.close(), otherWorker.close()])
    },
  }
}
