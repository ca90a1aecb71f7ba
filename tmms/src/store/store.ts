/** The store as the rules see it: families of rows, and transactions over them. */
import { CamelCasePlugin, Kysely, sql } from 'kysely'
import type { TmmsError } from '../errors.ts'
import { accessEndStore, type AccessEndStore } from './access-ends.ts'
import { accountStore, type AccountStore } from './accounts.ts'
import { allMeetingsStore, type AllMeetingsStore } from './all-meetings.ts'
import { apiTokenStore, type ApiTokenStore } from './api-tokens.ts'
import { attendanceStore, type AttendanceStore } from './attendance.ts'
import { auditStore, type AuditStore } from './audit.ts'
import { installationStore, type InstallationStore } from './installation.ts'
import { groupStore, type GroupStore } from './groups.ts'
import { limitStore, type LimitStore } from './limits.ts'
import { linkStore, type LinkStore } from './links.ts'
import { mailStore, type MailStore } from './mails.ts'
import { meetingStore, type MeetingStore } from './meetings.ts'
import { isEmpty, migrate } from './migrate.ts'
import { organiserStore, type OrganiserStore } from './organisers.ts'
import { peopleStore, type PeopleStore } from './people.ts'
import { profileStore, type ProfileStore } from './profiles.ts'
import { retentionStore, type RetentionStore } from './retention.ts'
import { sessionStore, type SessionStore } from './sessions.ts'
import { settingStore, type SettingStore } from './settings.ts'
import type { StoreDialect } from './sqlite.ts'
import { stayStore, type StayStore } from './stays.ts'
import type { Tables } from './tables.ts'

export interface Rows {
  readonly accounts: AccountStore
  readonly people: PeopleStore
  readonly sessions: SessionStore
  readonly apiTokens: ApiTokenStore
  readonly links: LinkStore
  readonly meetings: MeetingStore
  readonly allMeetings: AllMeetingsStore
  readonly organisers: OrganiserStore
  readonly accessEnds: AccessEndStore
  readonly attendance: AttendanceStore
  readonly stays: StayStore
  readonly retention: RetentionStore
  readonly audit: AuditStore
  readonly settings: SettingStore
  readonly installation: InstallationStore
  readonly mails: MailStore
  readonly limits: LimitStore
  /** Does `work` when all that was written is certain: at the end of the transaction, or at once outside of one. */
  readonly afterwards: (work: () => void) => void
  readonly groups: GroupStore
  readonly profiles: ProfileStore
}

export interface Store extends Rows {
  /** All or nothing. Inside, use only the rows that are passed: the others would wait for this to end. */
  atomically<T>(work: (rows: Rows) => Promise<T>): Promise<T>
  /** As `atomically`, but does not wait for the disk: what it wrote a power cut may undo, the end of a process does not. */
  hastily<T>(work: (rows: Rows) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * @param whenEmpty thrown instead of making the tables of a new database
 * @throws {TmmsError} `unavailable` when the database is damaged, or cannot be brought to this version.
 */
export async function openStore(dialect: StoreDialect, whenEmpty?: TmmsError): Promise<Store> {
  const db = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] })
  try {
    if (whenEmpty !== undefined && (await isEmpty(db))) throw whenEmpty
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    ...rowsOf(db, (work) => work()),
    atomically: (work) => transact(db, work),
    hastily: (work) =>
      db.connection().execute(async (connection) => {
        await sql.raw(dialect.haste.begin).execute(connection)
        try {
          return await transact(connection, work)
        } finally {
          await sql.raw(dialect.haste.end).execute(connection)
        }
      }),
    close: () => db.destroy(),
  }
}

async function transact<T>(db: Kysely<Tables>, work: (rows: Rows) => Promise<T>): Promise<T> {
  const followUps: (() => void)[] = []
  const result = await db
    .transaction()
    .execute((transaction) => work(rowsOf(transaction, (next) => void followUps.push(next))))
  for (const followUp of followUps) followUp()
  return result
}

function rowsOf(db: Kysely<Tables>, afterwards: Rows['afterwards']): Rows {
  return {
    accounts: accountStore(db),
    people: peopleStore(db),
    sessions: sessionStore(db),
    apiTokens: apiTokenStore(db),
    links: linkStore(db),
    meetings: meetingStore(db),
    allMeetings: allMeetingsStore(db),
    organisers: organiserStore(db),
    accessEnds: accessEndStore(db),
    attendance: attendanceStore(db),
    stays: stayStore(db),
    retention: retentionStore(db),
    audit: auditStore(db),
    settings: settingStore(db),
    installation: installationStore(db),
    mails: mailStore(db),
    limits: limitStore(db),
    afterwards,
    groups: groupStore(db),
    profiles: profileStore(db),
  }
}
