/**
 * What one connection that floods costs everybody else. The server is the real one, in a process of its own; so is who
 * floods. This one asks for a page from another address, twenty times a second, and reports how long the answer takes.
 *
 * `node bench/floods.bench.ts [seconds]` prints one JSON line for each figure.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { readConfig } from '../config.ts'
import { serve } from '../server.ts'
import { makeCertificate } from '../sfu/test/certificate.ts'
import { channelData } from '../sfu/test/turn-client.ts'
import { Method, encodeStun } from '../sfu/src/tunnel/stun.ts'
import { report } from './report.ts'

const EVERY_MS = 50
const WARM_UP_MS = 1_000
/** Loopback addresses stand for networks. */
const FLOODER = '127.0.0.1'
const OTHER = '127.0.0.2'
const TARGET_MS = 50

const upgrade = (origin: string): string =>
  [
    'GET /tcs/?EIO=4&transport=websocket HTTP/1.1',
    `Host: ${new URL(origin).host}`,
    `Origin: ${origin}`,
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''],
  ].join('\r\n')
const stun = (kind: 'request' | 'indication'): Buffer =>
  encodeStun({ method: Method.binding, class: kind, transaction: Buffer.alloc(12), attributes: [] })

interface Flood {
  readonly first: (origin: string) => string | Buffer
  readonly again: Buffer | ((origin: string) => Buffer)
}

const floods: Readonly<Record<string, Flood>> = {
  ping: { first: upgrade, again: Buffer.from('8980aabbccdd', 'hex') },
  pong: { first: upgrade, again: Buffer.from('8a80aabbccdd', 'hex') },
  'pipelined-get': {
    first: () => '',
    again: (origin) => Buffer.from(`GET / HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n\r\n`),
  },
  'stun-binding': { first: () => '', again: stun('request') },
  'stun-indication': { first: () => stun('request'), again: stun('indication') },
  'channel-data': {
    first: () => stun('request'),
    again: channelData(0x4000, Buffer.alloc(16, 200)),
  },
}

async function runServer(): Promise<void> {
  const folder = process.argv[3] ?? ''
  const running = await serve(readConfig(process.env, folder))
  process.on('message', () => process.exit(0))
  process.send?.(running.port)
}

/** One connection at a time, as much as it takes; a new one as soon as it is closed. */
async function runFlood(): Promise<void> {
  const [name = '', port = '', origin = ''] = process.argv.slice(3)
  const flood = floods[name]
  if (flood === undefined) return
  // The machine's two cores are for the server and for who measures.
  setPriority(19)
  const again = typeof flood.again === 'function' ? flood.again(origin) : flood.again
  const block = Buffer.concat(Array<Buffer>(2_000).fill(again))
  for (;;) {
    const socket = connect({ host: FLOODER, port: Number(port), rejectUnauthorized: false })
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.once('secureConnect', () => {
      socket.resume().write(flood.first(origin))
      pour(socket, block)
    })
    await closed
  }
}

function pour(socket: TLSSocket, block: Buffer): void {
  if (socket.destroyed) return
  if (socket.write(block)) setImmediate(pour, socket, block)
  else socket.once('drain', () => pour(socket, block))
}

/** Milliseconds that each answer took. */
async function measure(port: number, seconds: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: OTHER })
  const times: number[] = []
  const endMs = performance.now() + seconds * 1_000
  while (performance.now() < endMs) {
    const startMs = performance.now()
    const headers = { host: `localhost:${port}` }
    const options = { host: FLOODER, port, agent, headers, rejectUnauthorized: false }
    const [response] = (await once(get(options), 'response')) as [IncomingMessage]
    response.resume()
    await once(response, 'end')
    times.push(performance.now() - startMs)
    await pause(EVERY_MS)
  }
  agent.destroy()
  return times
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, FLOODER)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function startServer(folder: string): Promise<{ child: ChildProcess; port: number }> {
  const { cert, key } = await makeCertificate()
  const [certFile, keyFile] = [join(folder, 'server.pem'), join(folder, 'server.key')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
  writeFileSync(join(folder, 'index.html'), `<!doctype html>${'x'.repeat(20_000)}`)
  const child = fork(import.meta.filename, ['--serve', folder], {
    env: {
      ...process.env,
      ...{ HC_HOST: FLOODER, HC_PORT: String(await freePort()), HC_WORKERS: '1' },
      ...{ HC_DATA_DIR: join(folder, 'data'), HC_WEB_DIR: folder, HC_LOG_LEVEL: 'silent' },
      ...{ HC_TLS_CERT: certFile, HC_TLS_KEY: keyFile },
    },
  })
  return { child, port: (await once(child, 'message'))[0] as number }
}

async function run(seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'huisclos-floods-'))
  const { child, port } = await startServer(folder)
  await measure(port, WARM_UP_MS / 1_000)
  for (const name of Object.keys(floods)) {
    const idle = await measure(port, seconds)
    const flooder = fork(import.meta.filename, [
      '--flood',
      name,
      String(port),
      `https://localhost:${port}`,
    ])
    await pause(WARM_UP_MS)
    const flooded = await measure(port, seconds)
    flooder.kill()
    await once(flooder, 'exit')
    const figure = { name: `floods-${name}`, unit: 'ms', better: 'low' } as const
    report({ ...figure, metric: 'idle-p95', samples: [percentile(idle, 0.95)] })
    report({ ...figure, metric: 'others-p50', samples: [percentile(flooded, 0.5)] })
    report(
      { ...figure, metric: 'others-p95', samples: [percentile(flooded, 0.95)] },
      { name: 'idle + 50 ms', samples: [percentile(idle, 0.95) + TARGET_MS] },
    )
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
  rmSync(folder, { recursive: true })
}

const [mode] = process.argv.slice(2)
if (mode === '--serve') await runServer()
else if (mode === '--flood') await runFlood()
else await run(Number(mode ?? 5))
