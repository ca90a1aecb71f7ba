/** The real server process: broken certificate files change nothing for those who use it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCertificate } from '../sfu/test/certificate.ts'
import { Mailbox } from '../sfu/test/mailbox.ts'

const folder = mkdtempSync(join(tmpdir(), 'huisclos-server-'))
const [cert, key] = [join(folder, 'server.pem'), join(folder, 'server.key')]
const good = await makeCertificate('first')
const lines = new Mailbox<string>()
let port: number
let server: ChildProcess

beforeAll(async () => {
  port = await freePort()
  write(good)
  server = start()
  await lineWith('Huisclos is ready')
}, 60_000)
afterAll(async () => {
  server.kill()
  if (server.exitCode === null) await once(server, 'exit')
  rmSync(folder, { recursive: true })
})

interface Pair {
  readonly cert: string
  readonly key: string
}

function write(pair: Pair): void {
  writeFileSync(cert, pair.cert)
  writeFileSync(key, pair.key)
}

function start(data = 'data'): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../server.ts')], {
    env: {
      PATH: process.env['PATH'],
      HC_HOST: '127.0.0.1',
      HC_PORT: String(port),
      HC_DATA_DIR: join(folder, data),
      HC_WORKERS: '1',
      HC_TLS_CERT: cert,
      HC_TLS_KEY: key,
      ...(process.env['HC_WORKER_BIN'] ? { HC_WORKER_BIN: process.env['HC_WORKER_BIN'] } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.put(line))
  }
  return child
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port: free } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return free
}

async function lineWith(text: string): Promise<string> {
  for (;;) {
    const line = await lines.next()
    if (line.includes(text)) return line
  }
}

/** The common name in the certificate that a new connection is shown. */
async function shown(): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const name = String(socket.getPeerCertificate().subject.CN)
  socket.destroy()
  return name
}

const breaks: readonly [what: string, damage: () => void | Promise<void>, says: RegExp][] = [
  ['an empty certificate', () => writeFileSync(cert, ''), /server\.pem \(HC_TLS_CERT\) is empty/],
  ['an empty key', () => writeFileSync(key, '\n'), /server\.key \(HC_TLS_KEY\) is empty/],
  ['a truncated certificate', () => truncateSync(cert, 200), /server\.pem .* is cut off/],
  ['a truncated key', () => truncateSync(key, 100), /server\.key .* is cut off/],
  ['no certificate', () => rmSync(cert), /server\.pem .* cannot be read: it does not exist/],
  ['no key', () => rmSync(key), /server\.key .* cannot be read: it does not exist/],
  [
    'a damaged certificate',
    () => writeFileSync(cert, good.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')),
    /server\.pem .* is damaged/,
  ],
  [
    'a damaged key',
    () => writeFileSync(key, good.key.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')),
    /server\.key .* is damaged/,
  ],
  ['two certificates', () => copyFileSync(cert, key), /server\.key .* holds no private key/],
  ['two keys', () => copyFileSync(key, cert), /server\.pem .* holds no certificate/],
  [
    'the key of another certificate',
    async () => writeFileSync(key, (await makeCertificate('other')).key),
    /server\.key .* does not belong to the certificate .*server\.pem/,
  ],
  [
    'a certificate that has ended',
    async () => write(await makeCertificate('late', { days: [-9, -2] })),
    /server\.pem \(HC_TLS_CERT\) ended on \d{4}-\d\d-\d\d: browsers refuse it\./,
  ],
  [
    'a certificate that has not begun',
    async () => write(await makeCertificate('early', { days: [2, 9] })),
    /server\.pem \(HC_TLS_CERT\) begins on .* browsers refuse it until then\./,
  ],
  [
    'a certificate of another name',
    async () => write(await makeCertificate('localhost', { host: 'evil.example' })),
    /server\.pem \(HC_TLS_CERT\) is not for localhost \(HC_ORIGIN\) but for DNS:evil\.example/,
  ],
]

test.each(breaks)(
  'O1 %s and a SIGHUP: the server goes on with the old pair',
  async (_, damage, says) => {
    write(good)
    await damage()
    server.kill('SIGHUP')
    const line = await lineWith('The certificate in use stays.')
    expect(line).toMatch(says)
    expect(await shown()).toBe('first')
    expect(server.exitCode).toBeNull()
  },
)

test('O1 a good pair after broken ones is taken', async () => {
  write(await makeCertificate('second'))
  server.kill('SIGHUP')
  await lineWith('The TLS certificate was read again.')
  expect(await shown()).toBe('second')
})

test('O1 at start a broken pair is one sentence', async () => {
  write({ ...good, key: (await makeCertificate('other')).key })
  const child = start('other-data')
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(1)
  expect(await lineWith('The TLS key file')).toMatch(/does not belong to the certificate .*\.$/)
  write(good)
})
