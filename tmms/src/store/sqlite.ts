/** Lets Kysely speak to Node's own SQLite. Everything that is peculiar to SQLite stays in this file. */
import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { TmmsError } from '../errors.ts'
import { cannotStore, onStorage } from './storage-failure.ts'
import { SqliteAdapter, SqliteDialect, type Dialect, type SqliteStatement } from 'kysely'

// https://sqlite.org/rescode.html#busy
const SQLITE_BUSY = 5
const DAMAGED: readonly number[] = [11 /* CORRUPT */, 26 /* NOTADB */]

export interface StoreDialect extends Dialect {
  /** Around transactions that need not be on the disk when they end. */
  readonly haste: { readonly begin: string; readonly end: string }
}

/** @param path a file, made when missing and readable by its owner only, or `:memory:`. */
export function sqliteDialect(path: string): StoreDialect {
  return new TransactionalDialect({ database: () => Promise.resolve(open(path)) })
}

/**
 * Keeps everybody else out of the database until the returned function is called; the system ends that when this process
 * dies, too.
 * @throws {TmmsError} `unavailable` when another process has it open.
 */
export function holdDatabase(path: string): () => void {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause
    throw new TmmsError('unavailable', sentenceOfBusy(path), { cause })
  }
  return () => database.close()
}

function sentenceOfBusy(path: string): string {
  return `Huisclos is running on the data folder ${dirname(path)}: stop it first.`
}

// SQLite can undo changes of the schema, which Kysely does not use: half a migration would be left behind.
class TransactionalDialect extends SqliteDialect implements StoreDialect {
  // With a write-ahead log what is committed later still comes later; the next commit in FULL puts both on the disk.
  readonly haste = { begin: 'PRAGMA synchronous = NORMAL', end: 'PRAGMA synchronous = FULL' }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function open(path: string): { close(): void; prepare(sql: string): SqliteStatement } {
  const database = openWhole(path)
  const transaction = new OpenTransaction(database)
  return {
    close: () => database.close(),
    prepare: (sql) => onStorage(() => statement(database, sql, transaction)),
  }
}

/**
 * SQLite itself rolls a transaction back when the disk is full or fails (https://sqlite.org/lang_transaction.html,
 * section 3.1). Until whoever began it learns of that, each statement would be a transaction of its own.
 */
class OpenTransaction {
  readonly #database: DatabaseSync
  #begun = false

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** @throws {TmmsError} `unavailable` for a statement of a transaction that was rolled back. */
  run<T>(sql: string, work: () => T, undone: T): T {
    const ending = sql === 'rollback'
    const gone = this.#begun && !this.#database.isTransaction
    if (ending) this.#begun = false
    if (gone && ending) return undone
    if (gone) throw cannotStore()
    const result = onStorage(work)
    if (sql === 'begin') this.#begun = true
    if (sql === 'commit') this.#begun = false
    return result
  }
}

/** @throws {TmmsError} `unavailable` in one sentence when the file is damaged or not to be opened. */
function openWhole(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true })
    if (path !== ':memory:') chmodSync(path, 0o600)
    // A program that holds the database, such as a backup, must not hold up meetings, which run on the same thread.
    // FULL: an invitation that was answered must survive a power cut.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 250')
    // KiB, as negative. 50,000 people and the words they are found by fit; by default 2 MiB are read again and again.
    database.exec('PRAGMA cache_size = -131072')
    const fault = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    if (fault === 'ok') return database
    throw new TmmsError('unavailable', sentenceOfDamage(path))
  } catch (cause) {
    database?.close()
    if (cause instanceof TmmsError) throw cause
    const { errcode = 0, code = '' } = cause as { errcode?: number; code?: string }
    const damaged = DAMAGED.includes(errcode & 0xff)
    const reason = `${path} cannot be opened (${code} ${errcode}): give this user the right to, or set HC_DATA_DIR to another folder.`
    throw new TmmsError('unavailable', damaged ? sentenceOfDamage(path) : reason, { cause })
  }
}

function sentenceOfDamage(path: string): string {
  return `${path} is damaged (SQLite cannot read it): restore it from a backup of the data folder.`
}

function statement(
  database: DatabaseSync,
  sql: string,
  transaction: OpenTransaction,
): SqliteStatement {
  const prepared = database.prepare(sql)
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[]
  const nothing = { changes: 0, lastInsertRowid: 0 }
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => transaction.run(sql, () => prepared.all(...values(parameters)), []),
    run: (parameters) => transaction.run(sql, () => prepared.run(...values(parameters)), nothing),
    iterate: (parameters) => prepared.iterate(...values(parameters)),
  }
}
