/** Brings a database, empty or old, to the newest shape. */
import type { Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { TmmsError } from '../errors.ts'
import { initial } from './migrations/0001-initial.ts'
import { ownLinksAndExclusion } from './migrations/0002-own-links-and-exclusion.ts'
import { endsOfRights } from './migrations/0003-ends-of-rights.ts'
import { zonesAndGivenNames } from './migrations/0004-zones-and-given-names.ts'
import { audit } from './migrations/0005-audit.ts'
import { settings } from './migrations/0006-settings.ts'
import type { Tables } from './tables.ts'

/** In order of their numbers; a published one never changes. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-own-links-and-exclusion': ownLinksAndExclusion,
  '0003-ends-of-rights': endsOfRights,
  '0004-zones-and-given-names': zonesAndGivenNames,
  '0005-audit': audit,
  '0006-settings': settings,
}

/** @throws {TmmsError} `unavailable` when a step fails; that step is then undone. */
export async function migrate(
  db: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  throw new TmmsError('unavailable', 'The database cannot be brought to this version.', {
    cause: error,
  })
}
