/**
 * What one packet through the tunnel costs. The relay runs in a process of its own, whose CPU time is read; this
 * one plays the clients (TLS, ChannelData) and the worker (RFC 4571) behind it.
 *
 * `node bench/relay.bench.ts [seconds]` prints one JSON line for each figure.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { RelaySecret } from '@huisclos/sfu/credentials'
import { openTunnel } from '@huisclos/sfu/tunnel'
import { makeCertificate } from '../sfu/test/certificate.ts'
import { FakeWorker, frames } from '../sfu/test/fake-worker.ts'
import { TurnClient, channelData } from '../sfu/test/turn-client.ts'
import { defaultLimits } from '../sfu/src/tunnel/limits.ts'
import { report } from './report.ts'

const PEER = { address: '198.51.100.1', port: 40_000 }
const CHANNEL = 0x4000
const PAYLOAD = Buffer.alloc(1200, 0x80)
const MESSAGE = channelData(CHANNEL, PAYLOAD)
const FRAME = frames([PAYLOAD])
const WARM_UP_MS = 1_000

interface Sample {
  readonly cpuUs: number
  readonly rssBytes: number
  readonly dropped: number
}

interface Scenario {
  readonly name: string
  readonly clients: number
  /** Packets down for each packet up. */
  readonly fan: number
  /** Packets up each second from all clients, or null: as many as come back. */
  readonly upPerSecond: number | null
}

const scenarios: readonly Scenario[] = [
  { name: 'relay-closed-loop-1', clients: 1, fan: 1, upPerSecond: null },
  { name: 'relay-closed-loop-20', clients: 20, fan: 1, upPerSecond: null },
  { name: 'relay-sfu-20', clients: 20, fan: 8, upPerSecond: 1_200 },
  { name: 'relay-sfu-100', clients: 100, fan: 8, upPerSecond: 5_444 },
]

/** Keeps a closed loop full without ever reaching the drop rule. */
const WINDOW = 64

async function serve(): Promise<void> {
  const workerPort = Number(process.argv[3])
  const secret = new RelaySecret(Buffer.alloc(32, 1))
  const tunnel = await openTunnel({
    host: '127.0.0.1',
    port: 0,
    tls: await makeCertificate(),
    http: createServer(),
    relay: {
      realm: 'bench',
      passwordOf: (username) => secret.passwordOf(username, Date.now()),
      peerAddress: PEER.address,
      workerPort: (address) => (address === PEER.address ? workerPort : null),
      relayAddress: '198.51.100.2',
      nullFrames: false,
    },
    limits: {
      quotas: { member: 1_000, account: 1_000, network: 1_000 },
      // Closed loops ask how fast the relay can be.
      turn: { ...defaultLimits.turn, bytes: { perSecond: 1e12, burst: 1e12 } },
    },
  })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const { droppedDown, droppedUp } = tunnel.counters()
    process.send?.({
      cpuUs: user + system,
      rssBytes: process.memoryUsage.rss(),
      dropped: droppedDown + droppedUp,
    })
  })
  process.send?.(tunnel.port)
}

async function sample(relay: ChildProcess): Promise<Sample> {
  const answer = once(relay, 'message')
  relay.send('sample')
  return (await answer)[0] as Sample
}

async function open(port: number): Promise<TurnClient> {
  const client = await TurnClient.connect(port)
  const secret = new RelaySecret(Buffer.alloc(32, 1))
  await client.allocate(secret.mint({ sub: 'bench', mid: 'bench', member: 'bench' }, Date.now()))
  await client.bind(CHANNEL, PEER)
  // From here on only bytes are counted: all messages have the same size.
  client.socket.removeAllListeners('data')
  return client
}

async function run(scenario: Scenario, seconds: number): Promise<void> {
  const worker = await FakeWorker.open()
  worker.onPacket = (_, from: Socket) => {
    from.cork()
    for (let i = 0; i < scenario.fan; i += 1) from.write(FRAME)
    process.nextTick(() => from.uncork())
  }
  const relay = fork(import.meta.filename, ['--relay', String(worker.port)])
  const port = (await once(relay, 'message'))[0] as number
  const clients = await Promise.all(Array.from({ length: scenario.clients }, () => open(port)))
  let sent = 0
  let receivedBytes = 0
  const send = (client: TurnClient, count: number): void => {
    sent += count
    client.socket.cork()
    for (let i = 0; i < count; i += 1) client.socket.write(MESSAGE)
    client.socket.uncork()
  }
  for (const client of clients) {
    let owed = 0
    client.socket.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length
      if (scenario.upPerSecond !== null) return
      owed += chunk.length
      const whole = Math.floor(owed / MESSAGE.length)
      owed -= whole * MESSAGE.length
      if (whole > 0) send(client, whole)
    })
  }
  const pacer =
    scenario.upPerSecond === null ? undefined : pace(clients, scenario.upPerSecond, send)
  if (scenario.upPerSecond === null) for (const client of clients) send(client, WINDOW)

  await pause(WARM_UP_MS)
  const perPacket: number[] = []
  const perSecond: number[] = []
  const load: number[] = []
  let before = { ...(await sample(relay)), packets: 0, atMs: performance.now() }
  before.packets = sent + receivedBytes / MESSAGE.length
  for (let second = 0; second < seconds; second += 1) {
    await pause(1_000)
    const packets = sent + receivedBytes / MESSAGE.length
    const now = { ...(await sample(relay)), packets, atMs: performance.now() }
    const elapsedMs = now.atMs - before.atMs
    perPacket.push((now.cpuUs - before.cpuUs) / (now.packets - before.packets))
    perSecond.push(((now.packets - before.packets) / elapsedMs) * 1000)
    load.push((now.cpuUs - before.cpuUs) / elapsedMs / 10)
    before = now
  }
  clearInterval(pacer)
  const end = await sample(relay)
  const { name } = scenario
  report({ name, metric: 'cpu-per-packet', unit: 'us', better: 'low', samples: perPacket })
  report({ name, metric: 'packets', unit: '1/s', better: 'high', samples: perSecond })
  report({ name, metric: 'load', unit: '%', better: 'low', samples: load })
  report({ name, metric: 'rss', unit: 'MB', better: 'low', samples: [end.rssBytes / 1e6] })
  report({ name, metric: 'dropped', unit: 'packets', better: 'low', samples: [end.dropped] })
  relay.kill()
  await Promise.all(clients.map((client) => client.close()))
  await worker.close()
}

function pace(
  clients: readonly TurnClient[],
  perSecond: number,
  send: (client: TurnClient, count: number) => void,
): NodeJS.Timeout {
  const start = performance.now()
  let done = 0
  return setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * perSecond)
    for (; done < due; done += 1) send(clients[done % clients.length]!, 1)
  }, 4)
}

if (process.argv[2] === '--relay') {
  await serve()
} else {
  for (const scenario of scenarios) await run(scenario, Number(process.argv[2] ?? 5))
}
