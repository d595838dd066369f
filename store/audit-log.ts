import type { Knex } from 'knex'
import type { AuditAnchor } from '../protocol/messages/audit.ts'
import type { Store } from './store.ts'

/**
 * The audit log [R7]. It only grows: nothing here changes or removes a line, and nothing else knows the tables.
 * Several processes may append to one file.
 */

/** Makes the line that follows the newest one: its text, and the text's hash. Runs inside the transaction. */
export type NextLine = (newest: AuditAnchor) => { readonly text: string; readonly hash: string }

/** Adds a line. It is on the disk once this resolves. */
export function appendAuditLine(store: Store, next: NextLine): Promise<AuditAnchor> {
  return store.transaction((trx) => appendIn(trx, next))
}

/** Adds a line together with what it tells: with the caller's transaction both are on the disk, or neither. */
export async function appendIn(trx: Knex.Transaction, next: NextLine): Promise<AuditAnchor> {
  // Writes first, so that from here to the end of the transaction nobody else can add a line.
  const [row] = await trx('audit_head').where('id', 1).increment('seq', 1).returning(['seq', 'hash'])
  if (!row) throw new Error('the audit log has lost its head: restore the database from a backup')
  const seq = Number(row.seq)
  const { text, hash } = next({ seq: seq - 1, hash: row.hash })
  await trx('audit_log').insert({ seq, line: text })
  await trx('audit_head').where('id', 1).update({ hash })
  return { seq, hash }
}

/** The newest line; seq 0 where there is none yet. */
export function auditHead(store: Store): Promise<AuditAnchor> {
  return store.run(async (db) => {
    const row = await db('audit_head').where('id', 1).first('seq', 'hash')
    if (!row) throw new Error('the audit log has lost its head: restore the database from a backup')
    return { seq: Number(row.seq), hash: row.hash }
  })
}

/** Up to `limit` lines in order, from line `fromSeq` to `toSeq`, both included. */
export function readAuditLines(
  store: Store,
  { fromSeq, toSeq, limit = 1_000 }: { fromSeq: number; toSeq: number; limit?: number },
): Promise<{ seq: number; text: string }[]> {
  return store.run(async (db) => {
    const rows = await db('audit_log').whereBetween('seq', [fromSeq, toSeq]).orderBy('seq').limit(limit)
    return rows.map((row) => ({ seq: Number(row.seq), text: row.line as string }))
  })
}
