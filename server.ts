/** The all-in-one composition root: configuration -> TMMS + TCS -> one TLS port, and the end of all of them. */
import { createServer } from 'node:http'
import { join } from 'node:path'
import pino from 'pino'
import { createTcs, type Tcs, type TcsOptions } from '@huisclos/sfu/app'
import { RelaySecret, ownerName, ownerOf } from '@huisclos/sfu/credentials'
import { openIdentity, type Identity } from '@huisclos/sfu/identity'
import { openTunnel, type TunnelOptions } from '@huisclos/sfu/tunnel'
import { createTmms } from '@huisclos/tmms/app'
import { ConfigError, readConfig, readTls, type Config } from './config.ts'
import manifest from './package.json' with { type: 'json' }

export interface Running {
  readonly port: number
  readonly setupLink: string | null
  /** Reads the certificate files again, for connections made from now on. */
  reloadCertificate(): void
  /** Ends everything that was started, media workers included. Idempotent. */
  close(): Promise<void>
}

export interface Extras {
  readonly onRtp?: TcsOptions['onRtp']
  /** What the TCS signs with, when it is not the key that the TMMS certifies: tests play an impostor so. */
  readonly falseIdentity?: Identity
  readonly print?: (line: string) => void
}

export async function serve(config: Config, extras: Extras = {}): Promise<Running> {
  const print = extras.print ?? (() => undefined)
  const logger = pino({ level: config.logLevel, base: null })
  const relaySecret = new RelaySecret()
  const identity = await openIdentity(join(config.dataDir, 'keys'))
  const tmms = await createTmms({
    origin: config.origin,
    tcsOrigin: config.origin,
    tcs: [{ origin: config.origin, jwk: identity.jwk }],
    dataDir: config.dataDir,
    webDir: config.webDir,
    e2eeSuite: config.e2eeSuite,
    vouching: config.e2eeVouch,
    logger: logger.child({ part: 'tmms' }),
    version: manifest.version,
    onExcluded: ({ mid, sub, atMs }) => tcs.exclude(mid, sub, atMs),
    onMail: (mail) => print(`Mail for ${mail.to} (${mail.subject}): ${mail.links.join(' ')}`),
  })
  const http = createServer(tmms.app)
  const tcs = await createTcs({
    httpServer: http,
    origin: config.origin,
    tokenKeys: () => tmms.tokenKeys(),
    identity: extras.falseIdentity ?? identity,
    workers: config.workers,
    peerAddress: config.peerAddress,
    relayUrls: [relayUrl(config.origin)],
    revokeRelay: (member, session) => {
      relaySecret.revoke(member, session, Date.now())
      tunnel.drop((username) => ownerOf(username) === ownerName(member, session))
    },
    mintRelay: (member, session) => relaySecret.mint(member, session, Date.now()),
    videoCodec: config.videoCodec,
    logger: logger.child({ part: 'tcs' }),
    ...(config.workerBin === undefined ? {} : { workerBin: config.workerBin }),
    ...(extras.onRtp === undefined ? {} : { onRtp: extras.onRtp }),
  })
  for (const { mid, sub, atMs } of await tmms.recentExclusions()) tcs.exclude(mid, sub, atMs)
  const tunnel = await openTunnel({
    host: config.host,
    port: config.port,
    tls: readTls(config),
    http,
    relay: relayFor(config, relaySecret, tcs),
    onNote: (note) => logger.debug({ part: 'tunnel', ...note }),
  })
  let closing: Promise<void> | undefined
  return {
    port: tunnel.port,
    setupLink: await tmms.setupLink(),
    reloadCertificate: () => tunnel.replaceCertificate(readTls(config)),
    close: () =>
      (closing ??= (async () => {
        await tcs.close()
        await tunnel.close()
        await tmms.close()
      })()),
  }
}

function relayFor(config: Config, secret: RelaySecret, tcs: Tcs): TunnelOptions['relay'] {
  return {
    realm: new URL(config.origin).hostname,
    passwordOf: (username) => secret.passwordOf(username, Date.now()),
    workerPort: (address, port) => tcs.workerPort(address, port),
    relayAddress: config.relayAddress,
    nullFrames: config.relayNullFrames,
  }
}

// Port 443 must be written out: a TURN URI without a port means 5349 (RFC 7065 section 3.1).
function relayUrl(origin: string): string {
  const url = new URL(origin)
  return `turns:${url.hostname}:${url.port === '' ? '443' : url.port}?transport=tcp`
}

async function main(): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const config = readConfig(process.env, import.meta.dirname)
  const running = await serve(config, { print })
  const stop = (): void => {
    // Whatever still holds on after this long is not worth waiting for: the store commits each statement.
    setTimeout(() => process.exit(1), 5_000).unref()
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', () => running.reloadCertificate())
  print(`Huisclos is ready: ${config.origin}/`)
  if (running.setupLink !== null) print(`First administrator: ${running.setupLink}`)
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    const known = error instanceof ConfigError || (error as { code?: string }).code === 'EADDRINUSE'
    process.stderr.write(`${known ? (error as Error).message : String((error as Error).stack)}\n`)
    process.exit(1)
  })
}
