import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'
import { migrations } from './migrations.ts'
import { type Engine, openSqlite } from './sqlite.ts'

/** The database failed: full, locked for too long, unreadable. What was asked for has not happened. */
export class StorageFailure extends Error {
  readonly code: string

  constructor(cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    // The cause is left out on purpose: a driver may put values of the query into its message [S5].
    super(`the database failed: ${code}`)
    this.name = 'StorageFailure'
    this.code = code
  }
}

/** Everything the service remembers. The files of this folder take it and are the only ones that speak SQL. */
export interface Store {
  /** Runs queries. Rejects with `StorageFailure` where the database failed. */
  run<Result>(work: (db: Knex) => Promise<Result>): Promise<Result>
  /**
   * Runs queries as one, durable once it resolves. The first statement must write: a transaction that reads
   * first can be refused at once where two processes share a file.
   */
  transaction<Result>(work: (trx: Knex.Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface StoreOptions {
  readonly busyTimeoutMs?: number
}

/** Opens the database file, makes it where there is none, and brings its tables up to date. */
export async function openStore(file: string, { busyTimeoutMs = 3_000 }: StoreOptions = {}): Promise<Store> {
  const engine = openSqlite(file, { busyTimeoutMs })
  try {
    await migrate(engine.db)
  } catch (error) {
    await engine.db.destroy()
    throw engine.isStorageFailure(error) ? new StorageFailure(error) : error
  }
  return storeOn(engine)
}

function storeOn(engine: Engine): Store {
  const told = (error: unknown) => (engine.isStorageFailure(error) ? new StorageFailure(error) : error)
  return {
    async run(work) {
      try {
        return await work(engine.db)
      } catch (error) {
        throw told(error)
      }
    },
    async transaction(work) {
      // SQLite rolls back by itself on a full disk; knex then fails to and would tell of that instead of the cause.
      let cause: unknown
      try {
        return await engine.db.transaction(async (trx) => {
          try {
            return await work(trx)
          } catch (error) {
            cause = error
            throw error
          }
        })
      } catch (error) {
        cause ??= error
        if (engine.isStorageFailure(cause)) await engine.recover()
        throw told(cause)
      }
    },
    close: () => engine.db.destroy(),
  }
}

/** Two processes may open a new file at the same time, and one may have been killed amid a migration. */
async function migrate(db: Knex): Promise<void> {
  const config = { migrationSource: migrations }
  for (let attempt = 1; ; attempt++) {
    try {
      const [, pending] = (await db.migrate.list(config)) as [unknown[], unknown[]]
      if (pending.length > 0) await db.migrate.latest(config)
      return
    } catch (error) {
      const locked = error instanceof Error && error.name === 'MigrationLocked'
      if (attempt >= (locked ? 60 : 3)) throw error
      // Migrations take milliseconds: a lock of three seconds belongs to a process that died.
      if (attempt === 30) await db.migrate.forceFreeMigrationsLock(config)
      await delay(100)
    }
  }
}
