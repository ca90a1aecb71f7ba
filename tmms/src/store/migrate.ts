/** Brings a database, empty or old, to the newest shape. */
import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { TmmsError } from '../errors.ts'
import { initial } from './migrations/0001-initial.ts'
import { ownLinksAndExclusion } from './migrations/0002-own-links-and-exclusion.ts'
import { endsOfRights } from './migrations/0003-ends-of-rights.ts'
import { zonesAndGivenNames } from './migrations/0004-zones-and-given-names.ts'
import { audit } from './migrations/0005-audit.ts'
import { settings } from './migrations/0006-settings.ts'
import { installation } from './migrations/0007-installation.ts'
import { mailQueue } from './migrations/0007-mail-queue.ts'
import { people } from './migrations/0008-people.ts'
import { policy } from './migrations/0009-policy.ts'
import { limits } from './migrations/0010-limits.ts'
import { apiTokens } from './migrations/0011-api-tokens.ts'
import { meetingsAdmin } from './migrations/0012-meetings-admin.ts'
import { sessionLengths } from './migrations/0014-session-lengths.ts'
import { versions } from './migrations/0015-versions.ts'
import { domains } from './migrations/0016-domains.ts'
import { searchSpellings } from './migrations/0017-search-spellings.ts'
import { mailSubjects } from './migrations/0018-mail-subjects.ts'
import type { Tables } from './tables.ts'

const STEPS = 'kysely_migration'

/** In order of their numbers; a published one never changes. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-own-links-and-exclusion': ownLinksAndExclusion,
  '0003-ends-of-rights': endsOfRights,
  '0004-zones-and-given-names': zonesAndGivenNames,
  '0005-audit': audit,
  '0006-settings': settings,
  '0007-installation': installation,
  '0007-mail-queue': mailQueue,
  '0008-people': people,
  '0009-policy': policy,
  '0010-limits': limits,
  '0011-api-tokens': apiTokens,
  '0012-meetings-admin': meetingsAdmin,
  '0014-session-lengths': sessionLengths,
  '0015-versions': versions,
  '0016-domains': domains,
  '0017-search-spellings': searchSpellings,
  '0018-mail-subjects': mailSubjects,
}

/** @throws {TmmsError} `unavailable` when a newer version made it, or a step fails; that step is then undone. */
export async function migrate(
  db: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  const newer = (await stepsTaken(db)).find((step) => migrations[step] === undefined)
  if (newer !== undefined) throw unfit(`a newer version of Huisclos has used it (${newer})`)
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw unfit('a step towards this version failed', error)
}

/** Without a table yet. */
export async function isEmpty(db: Kysely<Tables>): Promise<boolean> {
  return (await db.introspection.getTables({ withInternalKyselyTables: true })).length === 0
}

async function stepsTaken(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === STEPS)) return []
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(STEPS)}`.execute(db)
  return rows.map(({ name }) => name)
}

function unfit(why: string, cause?: unknown): TmmsError {
  const sentence = `The database huisclos.db cannot be used by this version: ${why}. Start the version that used it last, or restore a backup of the data folder.`
  return new TmmsError('unavailable', sentence, { cause })
}
