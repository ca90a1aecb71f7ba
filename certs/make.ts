/** `npm run certs`: a local authority and the server's certificate, made or renewed when they are due. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { issueAuthority, issueServer, type Issued, type Names } from './issue.ts'

export interface Machine {
  readonly hostname: string
  /** Never shown: only a hash of it becomes part of the authority's name. */
  readonly id: string
}

export type Outcome = 'kept' | 'renewed' | 'new authority'

const RENEW_BEFORE_MS = 30 * 86_400_000
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

/** Makes sure that `folder` holds ca.pem, ca.key, server.pem (with its chain) and server.key for this machine. */
export async function makeCertificates(
  folder: string,
  machine: Machine,
  now: Date,
): Promise<Outcome> {
  const names = namesOf(machine)
  const name = authorityName(machine)
  const files = { authority: pair(folder, 'ca'), server: pair(folder, 'server') }
  let authority = readPair(files.authority)
  // An authority that came here with a copied folder is not ours: its key may lie on other machines.
  const ours = authority?.certificate.subject.split('\n').includes(`CN=${name}`)
  const renewAuthority = authority === null || !ours || expires(authority.certificate, now)
  if (renewAuthority) {
    write(files.authority, await issueAuthority(name, names, now))
    authority = readPair(files.authority)
  }
  if (authority === null) throw new CertificateError('UNREADABLE', files.authority.certificate)
  const server = readPair(files.server)
  const good = server !== null && !expires(server.certificate, now) && covers(server, names)
  if (good && server.certificate.verify(authority.certificate.publicKey)) return 'kept'
  write(
    files.server,
    await issueServer({ certificate: authority.text, key: authority.key }, names, now),
  )
  return renewAuthority ? 'new authority' : 'renewed'
}

/** The names a browser on this machine, or beside it, may call the server by. */
export function namesOf(machine: Machine): Names {
  const own = machine.hostname.toLowerCase()
  const hosts = ['localhost', 'meet.localhost', ...(DNS_NAME.test(own) ? [own] : [])]
  return { hosts: [...new Set(hosts)], addresses: ['127.0.0.1', '::1'] }
}

/** Thrown when a file that was just written cannot be read back. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
  readonly code: 'UNREADABLE'
  constructor(code: 'UNREADABLE', file: string) {
    super(`${file} cannot be read back.`)
    this.code = code
  }
}

interface PairFiles {
  readonly certificate: string
  readonly key: string
}

interface Pair {
  readonly text: string
  readonly certificate: X509Certificate
  readonly key: ReturnType<typeof createPrivateKey>
}

function pair(folder: string, name: string): PairFiles {
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
}

function readPair(files: PairFiles): Pair | null {
  if (!existsSync(files.certificate) || !existsSync(files.key)) return null
  try {
    const text = readFileSync(files.certificate, 'utf8')
    const certificate = new X509Certificate(text)
    const key = createPrivateKey(readFileSync(files.key))
    return certificate.checkPrivateKey(key) ? { text, certificate, key } : null
  } catch {
    // A damaged file is as good as none: it is made anew.
    return null
  }
}

// The key goes first and both by renaming, so that a crash leaves at worst a pair that does not match.
function write(files: PairFiles, issued: Issued): void {
  const put = (file: string, text: string, mode: number): void => {
    writeFileSync(`${file}.new`, text, { mode })
    renameSync(`${file}.new`, file)
  }
  put(files.key, issued.key, 0o600)
  put(files.certificate, issued.certificate, 0o644)
}

function authorityName(machine: Machine): string {
  const mark = createHash('sha256').update(`huisclos local authority ${machine.id}`).digest('hex')
  return `Huisclos on ${machine.hostname.slice(0, 40)} ${mark.slice(0, 8)}`
}

function expires(certificate: X509Certificate, now: Date): boolean {
  return certificate.validToDate.getTime() - now.getTime() < RENEW_BEFORE_MS
}

function covers(server: Pair, names: Names): boolean {
  return (
    names.hosts.every((host) => server.certificate.checkHost(host) !== undefined) &&
    names.addresses.every((address) => server.certificate.checkIP(address) !== undefined)
  )
}

/** @param mark tells the authorities of one machine apart, when there is more than one */
function thisMachine(mark: string): Machine {
  const file = '/etc/machine-id'
  const id = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  return { hostname: hostname(), id: (id === '' ? hostname() : id) + mark }
}

if (import.meta.main) {
  // Tests keep a second authority elsewhere: it plays the one that lets itself be deceived.
  const [folder] = process.argv.slice(2)
  if (folder !== undefined) mkdirSync(folder, { recursive: true })
  const machine = thisMachine(folder ?? '')
  const outcome = await makeCertificates(folder ?? import.meta.dirname, machine, new Date())
  process.stdout.write(`${outcome}\n`)
}
