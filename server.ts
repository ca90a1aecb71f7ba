/** The all-in-one composition root: configuration -> TMMS + TCS -> one TLS port, and the end of all of them. */
import { join } from 'node:path'
import type { Logger } from 'pino'
import { createTcs, type Tcs, type TcsOptions } from '@huisclos/sfu/app'
import { RelaySecret } from '@huisclos/sfu/credentials'
import { guarded } from '@huisclos/sfu/guarded'
import { openIdentity, type Identity } from '@huisclos/sfu/identity'
import { openTunnel, type Tunnel, type TunnelNote, type TunnelOptions } from '@huisclos/sfu/tunnel'
import { createTmms, type TmmsOptions } from '@huisclos/tmms/app'
import { holdDataFolder } from '@huisclos/tmms/data-folder'
import { readConfig, type Config } from './config.ts'
import { announcement, relayUrl } from './ops/announcement.ts'
import { CertificateWatch } from './ops/certificate-watch.ts'
import { openHttpServer } from './ops/http-server.ts'
import { openLog } from './ops/log.ts'
import { steadyOutput } from './ops/output.ts'
import { startFailure } from './ops/start-failure.ts'
import { systemSource } from './ops/system-source.ts'

export interface Running {
  readonly port: number
  readonly setupLink: string | null
  /** Reads the certificate files again, for connections made from now on. Broken ones change nothing but the log. */
  reloadCertificate(): void
  /** Ends everything that was started, media workers included. Idempotent. */
  close(): Promise<void>
}

export interface Extras {
  readonly onRtp?: TcsOptions['onRtp']
  /** What the TCS signs with, when it is not the key that the TMMS certifies: tests play an impostor so. */
  readonly falseIdentity?: Identity
  /** Is told of every mail, with the links in it. */
  readonly print?: (line: string) => void
  /** Whether a person reads the log. */
  readonly terminal?: boolean
}

/** @throws {TmmsError | ConfigError | Error} when it cannot start; whatever was opened by then is closed again. */
export async function serve(config: Config, extras: Extras = {}): Promise<Running> {
  const release = holdDataFolder(config.dataDir)
  try {
    return await open(config, extras, release)
  } catch (error) {
    release()
    throw error
  }
}

async function open(config: Config, extras: Extras, release: () => void): Promise<Running> {
  const print = extras.print ?? (() => undefined)
  const logger = openLog(config.logLevel, extras.terminal ?? false, process.stdout)
  const certificate = new CertificateWatch({ ...config, logger })
  const relaySecret = new RelaySecret()
  const opened = Promise.withResolvers<Identity>()
  const counters = () => tcs.counters()
  const system = systemSource({ ...config, folder: import.meta.dirname, certificate, counters })
  const tmms = await createTmms({
    origin: config.origin,
    tcsOrigin: config.origin,
    tcs: ownTcs(config, (identity) => opened.resolve(identity)),
    dataDir: config.dataDir,
    ...tmmsSettings(config),
    logger: logger.child({ part: 'tmms' }),
    version: system.running.version,
    system,
    onAccessEnded: (end) => tcs.endAccess(end),
    presence: asked(() => tcs),
    onMail: (mail) => print(`Mail for ${mail.to} (${mail.subject}): ${mail.links.join(' ')}`),
  })
  const http = openHttpServer(tmms.app)
  let tunnel: Tunnel | null = null
  const tcs = await openTcs(config, {
    httpServer: http,
    tokenKeys: () => tmms.tokenKeys(),
    identity: extras.falseIdentity ?? (await opened.promise),
    revokeRelay: (end) => {
      relaySecret.revoke(end)
      // While the recent ends are read, nobody can have come through the tunnel yet.
      tunnel?.drop((username) => relaySecret.isRevoked(username))
    },
    mintRelay: (owner) => relaySecret.mint(owner, Date.now()),
    onProven: (connection) => tunnel?.trust(connection),
    onPresence: (change) => tmms.notePresence(change),
    logger: logger.child({ part: 'tcs' }),
    ...(extras.onRtp === undefined ? {} : { onRtp: extras.onRtp }),
  })
  for (const end of await tmms.recentAccessEnds()) tcs.endAccess(end)
  tunnel = await openTunnel({
    ...{ host: config.host, port: config.port, tls: certificate.tls, http },
    relay: relayFor(config, relaySecret, tcs),
    onNote: (note) => logNote(logger, note),
  })
  let closing: Promise<void> | undefined
  return {
    port: tunnel.port,
    setupLink: await tmms.setupLink(),
    reloadCertificate: () => certificate.reload((tls) => tunnel.replaceCertificate(tls)),
    close: () =>
      (closing ??= (async () => {
        certificate.close()
        await tcs.close()
        await tunnel.close()
        await tmms.close()
        release()
      })()),
  }
}

/** The TCS of this very program, as the TMMS certifies it. */
function ownTcs(config: Config, opened: (identity: Identity) => void): TmmsOptions['tcs'] {
  return async (inUse) => {
    const identity = await openIdentity(join(config.dataDir, 'keys'), inUse)
    opened(identity)
    return [{ origin: config.origin, jwk: identity.jwk }]
  }
}

/** What the TMMS asks of a TCS that is opened after it. */
function asked(tcs: () => Tcs): Tcs['presence'] {
  return {
    count: (mid) => tcs().presence.count(mid),
    peersIn: (mid) => tcs().presence.peersIn(mid),
  }
}

function tmmsSettings(config: Config) {
  return {
    webDir: config.webDir,
    e2eeSuite: config.e2eeSuite,
    vouching: config.e2eeVouch,
    maxOverrunHours: config.maxOverrunHours,
    smtp: config.smtp,
    smtpCa: config.smtpCa,
  }
}

type TcsParts = Pick<
  TcsOptions,
  | 'httpServer'
  | 'tokenKeys'
  | 'identity'
  | 'revokeRelay'
  | 'mintRelay'
  | 'onProven'
  | 'onPresence'
  | 'logger'
  | 'onRtp'
>

function openTcs(config: Config, parts: TcsParts): Promise<Tcs> {
  return createTcs({
    ...parts,
    origin: config.origin,
    workers: config.workers,
    peerAddress: config.peerAddress,
    relayUrls: [relayUrl(config.origin)],
    videoCodec: config.videoCodec,
    ...(config.workerBin === undefined ? {} : { workerBin: config.workerBin }),
  })
}

function logNote(logger: Logger, { error, ...note }: TunnelNote): void {
  if (error === undefined) logger.debug({ part: 'tunnel', ...note })
  else logger.error({ part: 'tunnel', ...note, err: error }, 'fault in the tunnel')
}

function relayFor(config: Config, secret: RelaySecret, tcs: Tcs): TunnelOptions['relay'] {
  return {
    realm: new URL(config.origin).hostname,
    passwordOf: (username) => secret.passwordOf(username, Date.now()),
    peerAddress: config.peerAddress,
    workerPort: (address, port) => tcs.workerPort(address, port),
    relayAddress: config.relayAddress,
    nullFrames: config.relayNullFrames,
  }
}

async function main(config: Config): Promise<void> {
  const terminal = process.stdout.isTTY
  const stdout = steadyOutput(process.stdout)
  const stderr = steadyOutput(process.stderr)
  const print = (text: string): void => stdout.write(`${text}\n`)
  const report = (error: unknown): void => stderr.write(`${String(error)}\n`)
  // Links let their reader in: a log file or a journal must not keep them.
  const links = config.printLinks ?? terminal
  let running: Running | null = null
  // Installed before anything runs: without a listener, a SIGHUP ends the process.
  process.on(
    'SIGHUP',
    guarded(() => running?.reloadCertificate(), report),
  )
  const started = (running = await serve(config, { terminal, ...(links ? { print } : {}) }))
  const stop = guarded(() => {
    // Whatever still holds on after this long is not worth waiting for: the store commits each statement.
    setTimeout(endNow, 5_000).unref()
    started.close().then(() => process.exit(0), endNow)
  }, endNow)
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  print(announcement(config.origin, started.setupLink, links))
}

function endNow(): never {
  process.exit(1)
}

function fail(error: unknown, place = { host: '', port: 0 }): never {
  process.stderr.write(`${startFailure(error, place)}\n`)
  process.exit(1)
}

if (import.meta.main) {
  try {
    const config = readConfig(process.env, import.meta.dirname)
    main(config).catch((error: unknown) => fail(error, config))
  } catch (error) {
    fail(error)
  }
}
