/** The environment, read once: every `HC_` variable, its default, and one sentence when it is wrong. */
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { BlockList, isIP } from 'node:net'
import { readSmtpUrl, type SmtpUrl } from './ops/smtp-url.ts'

export interface Config {
  readonly host: string
  readonly port: number
  /** `https://host[:port]` as people type it: issuer of tokens, base of links, the only allowed Origin. */
  readonly origin: string
  readonly dataDir: string
  readonly webDir: string
  readonly tlsCertFile: string
  readonly tlsKeyFile: string
  readonly workerBin: string | undefined
  readonly workers: number
  /** Made-up address of the media candidate, which only the relay can resolve. */
  readonly peerAddress: string
  /** Made-up relayed address told to clients (Firefox refuses a loopback one). */
  readonly relayAddress: string
  readonly relayNullFrames: boolean
  readonly videoCodec: 'vp8' | 'vp9'
  /** How the members of a meeting agree on keys; signed into every meeting token. */
  readonly e2eeSuite: 1 | 2
  /** Whether senders sign what they send; signed into every meeting token. */
  readonly e2eeVouch: boolean
  readonly logLevel: string
  /** Whether links of mails and of set-up are printed; undefined: at a terminal only. */
  readonly printLinks: boolean | undefined
  /** How long after its planned end a meeting may go on for those who are in it. */
  readonly maxOverrunHours: number
  /** The mail server; undefined: what administrators set in the panel. */
  readonly smtp: SmtpUrl | undefined
  /** PEM of an authority to trust beside the known ones, for mail servers. */
  readonly smtpCa: string | undefined
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

const KNOWN = [
  'HC_HOST',
  'HC_PORT',
  'HC_ORIGIN',
  'HC_DATA_DIR',
  'HC_WEB_DIR',
  'HC_TLS_CERT',
  'HC_TLS_KEY',
  'HC_WORKER_BIN',
  'HC_WORKERS',
  'HC_MEDIA_ADDRESS',
  'HC_RELAY_ADDRESS',
  'HC_RELAY_NULL_FRAMES',
  'HC_VIDEO_CODEC',
  'HC_E2EE_SUITE',
  'HC_E2EE_VOUCH',
  'HC_LOG_LEVEL',
  'HC_PRINT_LINKS',
  'HC_MAX_OVERRUN_HOURS',
  'HC_SMTP_URL',
  'HC_SMTP_CA',
]
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** @throws {ConfigError} with a sentence that names the variable and says what it may be. */
export function readConfig(env: Environment, root: string): Config {
  refuseUnknown(env)
  const port = integer(env, 'HC_PORT', { fallback: 8443, min: 1, max: 65_535 })
  const inRoot = (path: string): string => resolve(root, path)
  const free = freeTestNetwork()
  refuseHalfPair(env, ['HC_TLS_CERT', 'HC_TLS_KEY'])
  return {
    host: env['HC_HOST'] ?? '::',
    port,
    origin: origin(env, port),
    dataDir: readDataDir(env, root),
    webDir: inRoot(env['HC_WEB_DIR'] ?? 'web/dist'),
    tlsCertFile: file(env, 'HC_TLS_CERT', inRoot('certs/server.pem')),
    tlsKeyFile: file(env, 'HC_TLS_KEY', inRoot('certs/server.key')),
    workerBin: env['HC_WORKER_BIN'] ? file(env, 'HC_WORKER_BIN', '') : undefined,
    workers: integer(env, 'HC_WORKERS', { fallback: availableParallelism(), min: 1, max: 256 }),
    peerAddress: address(env, 'HC_MEDIA_ADDRESS', `${free}.1`),
    relayAddress: address(env, 'HC_RELAY_ADDRESS', `${free}.2`),
    relayNullFrames: choice(env, 'HC_RELAY_NULL_FRAMES', ['0', '1'], '0') === '1',
    videoCodec: choice(env, 'HC_VIDEO_CODEC', ['vp8', 'vp9'], 'vp8'),
    e2eeSuite: choice(env, 'HC_E2EE_SUITE', ['1', '2'], '2') === '1' ? 1 : 2,
    e2eeVouch: choice(env, 'HC_E2EE_VOUCH', ['on', 'off'], 'on') === 'on',
    maxOverrunHours: integer(env, 'HC_MAX_OVERRUN_HOURS', { fallback: 12, min: 2, max: 168 }),
    smtp: smtp(env),
    smtpCa: env['HC_SMTP_CA'] ? readFileSync(file(env, 'HC_SMTP_CA', ''), 'utf8') : undefined,
    logLevel: choice(env, 'HC_LOG_LEVEL', LOG_LEVELS, 'info'),
    printLinks: env['HC_PRINT_LINKS']
      ? choice(env, 'HC_PRINT_LINKS', ['0', '1'], '0') === '1'
      : undefined,
  }
}

/** What everything that is kept lies in. */
export function readDataDir(env: Environment, root: string): string {
  return resolve(root, env['HC_DATA_DIR'] ?? 'data')
}

function refuseUnknown(env: Environment): void {
  const stranger = Object.keys(env).find((name) => name.startsWith('HC_') && !KNOWN.includes(name))
  if (stranger === undefined) return
  throw new ConfigError(`${stranger} is not a setting of Huisclos. Known: ${KNOWN.join(', ')}.`)
}

function refuseHalfPair(env: Environment, [one, other]: readonly [string, string]): void {
  if (!env[one] === !env[other]) return
  const [given, missing] = env[one] ? [one, other] : [other, one]
  throw new ConfigError(`${given} is set and ${missing} is not: they belong together.`)
}

function integer(
  env: Environment,
  name: string,
  range: { fallback: number; min: number; max: number },
): number {
  const text = env[name]
  if (text === undefined || text === '') return range.fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value
  throw new ConfigError(
    `${name} must be a whole number from ${range.min} to ${range.max}, not "${text}".`,
  )
}

function choice<T extends string>(
  env: Environment,
  name: string,
  values: readonly T[],
  fallback: T,
): T {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = values.find((candidate) => candidate === text)
  if (value !== undefined) return value
  throw new ConfigError(`${name} must be one of ${values.join(', ')}, not "${text}".`)
}

function origin(env: Environment, port: number): string {
  const text = env['HC_ORIGIN']
  if (!text) return port === 443 ? 'https://localhost' : `https://localhost:${port}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && isAddress(url.hostname)) {
    throw new ConfigError(
      `HC_ORIGIN must be a name, not an IP address (${text}): links, mails and certificates need a name that lasts.`,
    )
  }
  if (url?.protocol === 'https:' && url.origin === text.replace(/\/$/, '')) return url.origin
  throw new ConfigError(
    `HC_ORIGIN must be the address people type, such as https://meet.example.org, not "${text}".`,
  )
}

function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}

function file(env: Environment, name: string, fallback: string): string {
  const path = env[name] ? resolve(env[name]) : fallback
  if (existsSync(path)) return path
  throw new ConfigError(
    env[name]
      ? `${name} names a file that does not exist: ${path}.`
      : `${path} is missing: run "npm run certs", or set ${name}.`,
  )
}

function smtp(env: Environment): SmtpUrl | undefined {
  const text = env['HC_SMTP_URL']
  if (!text) return undefined
  const read = readSmtpUrl(text)
  if (typeof read !== 'string') return read
  // Without the value: a password may be in it.
  throw new ConfigError(
    `HC_SMTP_URL ${read}; write it as smtp://user:password@smtp.example.org:587 or smtps://smtp.example.org.`,
  )
}

function address(env: Environment, name: string, fallback: string): string {
  const text = env[name]
  if (!text) return fallback
  const ip = /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) && !text.startsWith('127.')
  if (ip && !ownNetworks().check(text)) return text
  throw new ConfigError(
    `${name} must be an IPv4 address that is neither loopback nor in a network of this machine, not "${text}".`,
  )
}

// RFC 5737 reserves three networks for documentation; a machine can still sit in one of them.
function freeTestNetwork(): string {
  const own = ownNetworks()
  const networks = ['198.51.100', '203.0.113', '192.0.2']
  return networks.find((network) => !own.check(`${network}.1`)) ?? '198.51.100'
}

function ownNetworks(): BlockList {
  const list = new BlockList()
  for (const entry of Object.values(networkInterfaces()).flat()) {
    if (entry?.family !== 'IPv4' || entry.cidr === null) continue
    list.addSubnet(entry.address, Number(entry.cidr.split('/')[1]), 'ipv4')
  }
  return list
}
