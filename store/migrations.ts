import type { Knex } from 'knex'
import * as firstTables from './migrations/001-first-tables.ts'
import * as auditLog from './migrations/002-audit-log.ts'
import * as deletionProofs from './migrations/003-deletion-proofs.ts'
import * as recordingRequests from './migrations/004-recording-requests.ts'

interface NamedMigration extends Knex.Migration {
  readonly name: string
}

/** In order; a name, once released, never changes. Imported, not found in a folder, so that `dist/` works alike. */
const ALL: readonly NamedMigration[] = [
  { name: '001-first-tables', ...firstTables },
  { name: '002-audit-log', ...auditLog },
  { name: '003-deletion-proofs', ...deletionProofs },
  { name: '004-recording-requests', ...recordingRequests },
]

export const migrations: Knex.MigrationSource<NamedMigration> = {
  getMigrations: async () => [...ALL],
  getMigrationName: ({ name }) => name,
  getMigration: async (migration) => migration,
}
