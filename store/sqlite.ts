import { closeSync, openSync } from 'node:fs'
import knex, { type Knex } from 'knex'

/** The only file that knows which database is underneath; a PostgreSQL engine would stand beside it. */
export interface Engine {
  readonly db: Knex
  /** True for an error of the database itself (full, locked, broken), false for a mistake in our queries. */
  isStorageFailure(error: unknown): boolean
  /** After a failed transaction: leaves no half-open one on the connection. */
  recover(): Promise<void>
}

export interface SqliteOptions {
  /** How long a write waits for another process that holds the lock. */
  readonly busyTimeoutMs: number
}

/** What SQLite says when the query, not the storage, is at fault. */
const PROGRAMMER_ERRORS = new Set(['SQLITE_ERROR', 'SQLITE_CONSTRAINT', 'SQLITE_MISUSE', 'SQLITE_RANGE'])

interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): void
}

export function openSqlite(file: string, { busyTimeoutMs }: SqliteOptions): Engine {
  // Made here so that it and the WAL beside it, which inherits its mode, are for the owner only.
  closeSync(openSync(file, 'a', 0o600))
  const db = knex({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    // Errors must never carry bound values: names, hashes and nameplates would end up in the log [S5].
    compileSqlOnError: false,
    // The same for knex's own log, which writes to the console; what matters is thrown as well.
    log: { warn() {}, error() {}, deprecate() {}, debug() {} },
    acquireConnectionTimeout: 10_000,
    pool: {
      // One connection: SQLite has one writer, and so a transaction here never meets itself.
      min: 1,
      max: 1,
      afterCreate(connection: SqliteConnection, done: (error: Error | null) => void) {
        connection.exec(
          `PRAGMA busy_timeout=${busyTimeoutMs}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;`,
          done,
        )
      },
    },
  })
  return {
    db,
    isStorageFailure(error) {
      if (!(error instanceof Error)) return false
      if (error.name === 'KnexTimeoutError') return true
      const code = 'code' in error ? error.code : undefined
      return typeof code === 'string' && code.startsWith('SQLITE_') && !PROGRAMMER_ERRORS.has(code)
    },
    async recover() {
      // SQLite ends the transaction by itself on some failures and not on others; where none is open this errs.
      await db.raw('ROLLBACK').catch(() => undefined)
    },
  }
}
