import type { Knex } from 'knex'
import * as firstTables from './migrations/001-first-tables.ts'
import * as deletionProofs from './migrations/002-deletion-proofs.ts'

interface NamedMigration extends Knex.Migration {
  readonly name: string
}

/** In order; a name, once released, never changes. Imported, not found in a folder, so that `dist/` works alike. */
const ALL: readonly NamedMigration[] = [
  { name: '001-first-tables', ...firstTables },
  { name: '002-deletion-proofs', ...deletionProofs },
]

export const migrations: Knex.MigrationSource<NamedMigration> = {
  getMigrations: async () => [...ALL],
  getMigrationName: ({ name }) => name,
  getMigration: async (migration) => migration,
}
