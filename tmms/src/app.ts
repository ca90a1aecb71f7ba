/** Puts the TMMS together: store, keys, mail, rules, routes. Opens no port. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import express, { type Express } from 'express'
import type { JWK } from 'jose'
import type { Logger } from 'pino'
import { Background, describe } from './background.ts'
import type { AuditLog } from './domain/audit/checkpoint.ts'
import { logOrigin } from './domain/audit/note.ts'
import { Refusals } from './domain/audit/refusals.ts'
import { recentAccessEnds } from './domain/access-ends.ts'
import type { AccessEnd } from './contract/access.ts'
import type { Presence } from './contract/presence.ts'
import type { Context } from './domain/context.ts'
import { KeyRing, type CertifiedTcs } from './domain/keys/key-ring.ts'
import { issueSetupLink } from './domain/accounts/link.ts'
import { Passwords } from './domain/accounts/password.ts'
import { Installation, changedIdentity } from './installation.ts'
import { ownRequests } from './guards/own-requests.ts'
import type { SystemSource } from './domain/system/system.ts'
import { keepsMailPassword, type SmtpServer } from './domain/mail/mail-route.ts'
import { sealWith } from './domain/seal.ts'
import { securityHeaders } from './guards/security-headers.ts'
import { auditJob } from './jobs/audit.ts'
import { limitsJob } from './jobs/limits.ts'
import { openMeetingWork, type MeetingWork } from './jobs/meeting-work.ts'
import { openMailing } from './jobs/mailing.ts'
import { linksOf, subjectOf } from './mail/compose.ts'
import { pageFailure, pageRouter } from './pages.ts'
import { apiRouter } from './routes/api.ts'
import { brandingFiles } from './routes/branding-files.ts'
import type { Services } from './routes/endpoint.ts'
import { failure } from './routes/failure.ts'
import { servicesFor } from './services.ts'
import { databaseOf, lostDatabase } from './store/data-folder.ts'
import { openKeyFiles, type KeyFiles } from './store/key-files.ts'
import { sqliteDialect } from './store/sqlite.ts'
import { openSealKey } from './store/seal-file.ts'
import { openStore, type Store } from './store/store.ts'

const MAX_OVERRUN_HOURS = 12
/** An expired link is told from an unknown one for this long. */
const LINKS_KEPT_MS = 90 * 24 * 3_600_000

const NOBODY: Presence = { count: () => 0, peersIn: () => Promise.resolve([]) }

export interface TmmsOptions {
  /** `https://host[:port]`: issuer of tokens, base of links, the only allowed Origin. */
  readonly origin: string
  readonly tcsOrigin: string
  /**
   * Identity keys that the signed key set certifies, asked for once the files of this TMMS are known to be sound.
   * @param inUse whether there are accounts: then nothing may be made anew
   */
  readonly tcs: (inUse: boolean) => Promise<readonly CertifiedTcs[]>
  /** Holds the database, `keys/` and `outbox/`. */
  readonly dataDir: string
  /** The built web client. */
  readonly webDir: string
  readonly logger: Logger
  readonly version: string
  /** E2EE1 suite of every meeting: 2 adds ML-KEM-768 to 1. */
  readonly e2eeSuite: 1 | 2
  /** Whether senders sign what they send (the stream authenticator of E2EE1). */
  readonly vouching: boolean
  readonly now?: () => number
  /** Told of every mail that is queued, with the links in it. */
  readonly onMail?: (mail: { to: string; subject: string; links: readonly string[] }) => void
  /** The mail server of the environment; it stands above the settings. */
  readonly smtp?: SmtpServer | undefined
  /** PEM of an authority to trust beside the known ones, for mail servers. */
  readonly smtpCa?: string | undefined
  /** Told at once when rights end that tokens given out before still claim. */
  readonly onAccessEnded?: (end: AccessEnd) => void
  /** Asks the TCS who is in a meeting; without, nobody is. */
  readonly presence?: Presence
  /** How long after its planned end a meeting may go on for those who are in it, hours; 12 when absent. */
  readonly maxOverrunHours?: number
  /** For the page "System": absent, it tells the version alone. */
  readonly system?: SystemSource
  /** IANA time zone for times in mails; by default this machine's. */
  readonly timeZone?: string
}

export interface Tmms extends MeetingWork {
  readonly app: Express
  /** RFC 7638 thumbprint of the root key: the pin in meeting links. */
  readonly rootThumbprint: string
  /** Public keys that verify meeting tokens now. */
  tokenKeys(): { keys: JWK[] }
  /** Those that tokens given out before may outlive. */
  recentAccessEnds(): Promise<readonly AccessEnd[]>
  /** A fresh one-time set-up link while there is no administrator, else null. Ends the earlier ones. */
  setupLink(): Promise<string | null>
  /** Tries what is due in the queue of mails, and resolves when nothing of it is under way. */
  sendDueMails(): Promise<void>
  /** Writes down what has gathered and signs the audit log now, as happens once a minute. */
  signCheckpoint(): Promise<void>
  /** Finishes what is under way and closes the store. Idempotent. */
  close(): Promise<void>
}

/** @throws {TmmsError} `unavailable` when the data folder is of another version or lacks its secrets. */
export async function createTmms(options: TmmsOptions): Promise<Tmms> {
  const { origin, dataDir, logger, now = Date.now } = options
  const store = await openDatabase(dataDir)
  const { files, tcs } = await openFiles(options, store)
  const keys = await KeyRing.open(files, { issuer: origin, now, tcs })
  await store.links.purge(now() - LINKS_KEPT_MS)
  const background = new Background(logger)
  const later: Context['later'] = (work) => background.run(work)
  const refusals = new Refusals({ store, now, later })
  const log: AuditLog = { origin: logOrigin(origin), key: files.audit }
  const surroundings = { store, now, origin, keys, refusals, log }
  const checkpoints = auditJob(surroundings, failing(logger, 'no checkpoint of the audit log'))
  await checkpoints.run()
  const context: Context = {
    store,
    refusals,
    passwords: new Passwords(files),
    seal: sealWith(await openSeal(join(dataDir, 'keys'), store)),
    now,
    origin,
    rootThumbprint: keys.rootThumbprint,
    timeZone: options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    later,
    maxOverrunHours: options.maxOverrunHours ?? MAX_OVERRUN_HOURS,
    onAccessEnded: (end) => options.onAccessEnded?.(end),
    presence: options.presence ?? NOBODY,
    smtp: options.smtp ?? null,
    onMailQueued: (to, mail) => {
      options.onMail?.({ to: to.email, subject: subjectOf(to, mail), links: linksOf(mail) })
      mailing.wake()
    },
  }
  const mailing = openMailing(context, {
    outboxFolder: join(dataDir, 'outbox'),
    ca: options.smtpCa ?? null,
    onFault: failing(logger, 'the mail queue failed'),
  })
  mailing.wake()
  const meetings = openMeetingWork(context, (sentence) => failing(logger, sentence))
  const limits = limitsJob(context, failing(logger, 'limits were not cleared away'))
  let closing: Promise<void> | undefined
  return {
    app: buildApp(options, servicesFor(options, context, { keys, log, mail: mailing })),
    ...meetings,
    rootThumbprint: keys.rootThumbprint,
    tokenKeys: () => keys.publicKeys(),
    recentAccessEnds: () => recentAccessEnds(context),
    setupLink: () => issueSetupLink(context),
    signCheckpoint: () => checkpoints.run(),
    sendDueMails: () => mailing.idle(),
    close: () =>
      (closing ??= (async () => {
        await Promise.all([meetings.close(), limits.close(), background.idle()])
        await mailing.close()
        await checkpoints.close()
        await checkpoints.run()
        await store.close()
      })()),
  }
}

function failing(logger: Logger, sentence: string): (error: unknown) => void {
  return (error) => logger.error({ error: describe(error) }, sentence)
}

function buildApp({ origin, tcsOrigin, webDir, logger }: TmmsOptions, services: Services): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('case sensitive routing', true)
  app.set('strict routing', true)
  app.use(...securityHeaders(origin, tcsOrigin), ownRequests(origin))
  app.use('/api', apiRouter(services, logger))
  app.use(brandingFiles(services.context.store), pageRouter(webDir))
  app.use(pageFailure, failure(logger))
  return app
}

function openDatabase(dataDir: string): Promise<Store> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return openStore(sqliteDialect(databaseOf(dataDir)), lostDatabase(dataDir))
}

async function openFiles(
  options: TmmsOptions,
  store: Store,
): Promise<{ files: KeyFiles; tcs: readonly CertifiedTcs[] }> {
  const folder = join(options.dataDir, 'keys')
  try {
    const inUse = await store.accounts.hasCredentials()
    const signed = (await store.audit.checkpoint()) !== undefined
    const files = openKeyFiles(folder, inUse, signed)
    const installation = new Installation(store, folder)
    if (inUse) await installation.check(files)
    const tcs = await options.tcs(inUse)
    files.rememberIssuer(options.origin)
    const changed = await installation.keep(files, tcs)
    if (inUse && changed) options.logger.warn(changedIdentity(folder))
    return { files, tcs }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openSeal(folder: string, store: Store): Promise<Uint8Array> {
  try {
    const installation = new Installation(store, folder)
    const inUse = await store.accounts.hasCredentials()
    const needed = {
      sealed: (await store.mails.holdsContent()) || (await keepsMailPassword(store)),
      accounts: inUse && (await installation.hasSeal()),
    }
    const key = openSealKey(folder, needed)
    await installation.keepSeal(key, inUse)
    return key
  } catch (error) {
    await store.close()
    throw error
  }
}
