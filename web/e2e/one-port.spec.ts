/** F4: everything between browser and server goes through the one TLS port. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect as connectTls, type SecureVersion } from 'node:tls'
import type { Page } from '@playwright/test'
import { expect, ONCE, test } from './setup.ts'
import { diagnostics, join, sees } from './meeting.ts'
import { familyOf } from './processes.ts'

interface Socket {
  readonly protocol: 'tcp' | 'udp'
  readonly loopback: boolean
  readonly port: number
  readonly listening: boolean
}

test(
  'the server listens on one public port and media travels in TLS only',
  ONCE,
  async ({ pair: { link, ada, grace }, server }) => {
    for (const page of [ada, grace]) await join(page, link)
    await sees(ada, 'Grace Hopper')

    const open = familyOf(server.pid).flatMap(socketsOf)
    const listening = open.filter((socket) => socket.listening && !socket.loopback)
    expect(new Set(listening.map(({ protocol, port }) => `${protocol}/${port}`))).toEqual(
      new Set([`tcp/${server.port}`]),
    )

    const datagramsBefore = udpDatagramsSent()
    const before = await packetsReceived([ada, grace])
    await expect.poll(() => packetsReceived([ada, grace])).toBeGreaterThan(before + 1000)
    // The browsers open UDP sockets to gather candidates and leave them idle; a call over UDP would send thousands.
    expect(udpDatagramsSent() - datagramsBefore).toBeLessThan(200)
    for (const page of [ada, grace]) {
      const { relayProtocols } = await diagnostics(page)
      expect(relayProtocols.length).toBeGreaterThan(0)
      expect(new Set(relayProtocols)).toEqual(new Set(['tls']))
    }
  },
)

test('TLS 1.2 and 1.3 only', ONCE, async ({ server }) => {
  const offers = (version: SecureVersion): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({
        port: server.port,
        host: 'localhost',
        minVersion: version,
        maxVersion: version,
        // Old versions need this on the client's side; the refusal must come from the server.
        ciphers: 'DEFAULT@SECLEVEL=0',
      })
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol() ?? 'none')
        socket.destroy()
      })
      socket.once('error', () => resolve('refused'))
    })
  expect(await offers('TLSv1.3')).toBe('TLSv1.3')
  expect(await offers('TLSv1.2')).toBe('TLSv1.2')
  expect(await offers('TLSv1.1')).toBe('refused')
  expect(await offers('TLSv1')).toBe('refused')
})

async function packetsReceived(pages: readonly Page[]): Promise<number> {
  let sum = 0
  for (const page of pages) sum += (await diagnostics(page)).packetsReceived
  return sum
}

/** Sockets of one process, read from the kernel's own tables (man 5 proc). */
function socketsOf(pid: number): Socket[] {
  const inodes = new Set<string>()
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const target = readTarget(`/proc/${pid}/fd/${fd}`)
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined) inodes.add(inode)
  }
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[9] ?? ''))
      .map((columns) => socket(table, columns)),
  )
}

function socket(table: string, columns: readonly string[]): Socket {
  const [address = '', port = ''] = (columns[1] ?? '').split(':')
  const protocol = table.startsWith('tcp') ? 'tcp' : 'udp'
  const mappedLoopback = address.endsWith('0000FFFF0100007F')
  const ipv6Loopback = address === '00000000000000000000000001000000'
  return {
    protocol,
    loopback: (address.length === 8 && address.endsWith('7F')) || mappedLoopback || ipv6Loopback,
    port: Number.parseInt(port, 16),
    listening: protocol === 'udp' || columns[3] === '0A',
  }
}

function readTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function udpDatagramsSent(): number {
  const lines = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '))
  const column = lines[0]?.indexOf('OutDatagrams') ?? -1
  return Number(lines[1]?.[column])
}
