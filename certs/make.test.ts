/** The local authority is this machine's, vouches for nothing else, and is renewed in time. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, connect, type Server } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { issueServer } from './issue.ts'
import { makeCertificates, namesOf } from './make.ts'

const DAY_MS = 86_400_000
const machine = { hostname: 'desk.example', id: '0123456789abcdef' }
const now = new Date()
const inDays = (days: number): Date => new Date(now.getTime() + days * DAY_MS)
let folder: string
let server: Server | undefined

const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const certificate = (name: string): X509Certificate => new X509Certificate(read(name))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certs-'))
})
afterEach(() => {
  server?.close()
  rmSync(folder, { recursive: true })
})

/** Resolves with what a TLS client that trusts only ca.pem thinks of a server that calls itself `name`. */
function handshake(pair: { cert: string; key: string }, name: string): Promise<string> {
  return new Promise((resolve) => {
    server = createServer(pair).listen(0, '127.0.0.1', () => {
      const { port } = server?.address() as AddressInfo
      const options = { host: '127.0.0.1', port, ca: read('ca.pem') }
      const socket = connect({ ...options, ...(name === '127.0.0.1' ? {} : { servername: name }) })
      const end = (verdict: string): void => {
        socket.destroy()
        resolve(verdict)
      }
      socket.on('secureConnect', () => end('trusted'))
      socket.on('error', (error: Error) => end(error.message))
    })
  })
}

it('a fresh folder gets an authority and a server certificate that a TLS client trusts', async () => {
  expect(await makeCertificates(folder, machine, now)).toBe('new authority')
  for (const name of ['localhost', 'meet.localhost', 'desk.example', '127.0.0.1']) {
    const pair = { cert: read('server.pem'), key: read('server.key') }
    expect(await handshake(pair, name)).toBe('trusted')
  }
  expect(certificate('ca.pem').ca).toBe(true)
  expect(certificate('server.pem').ca).toBe(false)
  expect(certificate('server.pem').checkIP('::1')).toBe('::1')
})

it('the authority cannot vouch for any other site', async () => {
  await makeCertificates(folder, machine, now)
  const authority = { certificate: read('ca.pem'), key: createPrivateKey(read('ca.key')) }
  const stranger = await issueServer(authority, { hosts: ['bank.example'], addresses: [] }, now)
  const verdict = await handshake({ cert: stranger.certificate, key: stranger.key }, 'bank.example')
  expect(verdict).toBe('permitted subtree violation')
})

it('private keys are readable by their owner only', async () => {
  await makeCertificates(folder, machine, now)
  for (const name of ['ca.key', 'server.key']) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  }
})

it('what is still good is kept', async () => {
  await makeCertificates(folder, machine, now)
  const before = read('server.pem')
  expect(await makeCertificates(folder, machine, inDays(300))).toBe('kept')
  expect(read('server.pem')).toBe(before)
})

it('a server certificate lives 398 days at most and is renewed a month before its end', async () => {
  await makeCertificates(folder, machine, now)
  const authority = read('ca.pem')
  const { validFromDate, validToDate } = certificate('server.pem')
  expect(validToDate.getTime() - validFromDate.getTime()).toBeLessThanOrEqual(398 * DAY_MS)
  expect(await makeCertificates(folder, machine, inDays(380))).toBe('renewed')
  expect(read('ca.pem')).toBe(authority)
  expect(certificate('server.pem').validToDate.getTime()).toBeGreaterThan(inDays(700).getTime())
})

it('an authority near its end is replaced together with the server certificate', async () => {
  await makeCertificates(folder, machine, now)
  expect(await makeCertificates(folder, machine, inDays(5 * 365 - 20))).toBe('new authority')
  expect(certificate('server.pem').verify(certificate('ca.pem').publicKey)).toBe(true)
})

it('a folder copied to another machine gets an authority of its own', async () => {
  await makeCertificates(folder, machine, now)
  const first = certificate('ca.pem').fingerprint256
  const other = { ...machine, id: 'fedcba9876543210' }
  expect(await makeCertificates(folder, other, now)).toBe('new authority')
  expect(certificate('ca.pem').fingerprint256).not.toBe(first)
})

it('a key that does not belong to its certificate is replaced', async () => {
  await makeCertificates(folder, machine, now)
  cpSync(join(folder, 'ca.key'), join(folder, 'server.key'))
  expect(await makeCertificates(folder, machine, now)).toBe('renewed')
})

it('a host name that is no DNS name is left out', () => {
  expect(namesOf({ ...machine, hostname: 'my_desk' }).hosts).toEqual([
    'localhost',
    'meet.localhost',
  ])
})
