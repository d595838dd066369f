import type { Store } from './store.ts'

/** The index of recordings; the recordings themselves are files of the recorder. */
export interface RecordingRow {
  readonly sessionId: string
  /** `abnormal`: ended without the agent's closing entry. `deleting`: its proof is written, its files may be there. */
  readonly state: 'open' | 'closed' | 'abnormal' | 'deleting'
  readonly startedAtMs: number
  readonly endedAtMs: number | null
  /** Durable entries, the header included. */
  readonly entries: number
  readonly bytes: number
  /** SHA-256 of the last entry in base64url: the head of the chain [R5]. */
  readonly headHash: string | null
  readonly retentionUntilMs: number
}

interface Columns {
  session_id: string
  state: RecordingRow['state']
  started_at_ms: number | string
  ended_at_ms: number | string | null
  entries: number
  bytes: number | string
  head_hash: string | null
  retention_until_ms: number | string
}

const toRow = (columns: Columns): RecordingRow => ({
  sessionId: columns.session_id,
  state: columns.state,
  startedAtMs: Number(columns.started_at_ms),
  endedAtMs: columns.ended_at_ms === null ? null : Number(columns.ended_at_ms),
  entries: columns.entries,
  bytes: Number(columns.bytes),
  headHash: columns.head_hash,
  retentionUntilMs: Number(columns.retention_until_ms),
})

const toColumns = (row: RecordingRow): Columns => ({
  session_id: row.sessionId,
  state: row.state,
  started_at_ms: row.startedAtMs,
  ended_at_ms: row.endedAtMs,
  entries: row.entries,
  bytes: row.bytes,
  head_hash: row.headHash,
  retention_until_ms: row.retentionUntilMs,
})

/**
 * Adds the recording, or replaces what is known of it: but not how long it is kept, and nothing of one that is being
 * deleted.
 */
export function upsertRecording(store: Store, row: RecordingRow): Promise<void> {
  const { retention_until_ms, ...rest } = toColumns(row)
  return store.run(async (db) => {
    await db('recordings')
      .insert({ ...rest, retention_until_ms })
      .onConflict('session_id')
      .merge(rest)
      .where('recordings.state', '!=', 'deleting')
  })
}

/** Adds the recording where nothing is known of it. */
export function addRecording(store: Store, row: RecordingRow): Promise<void> {
  return store.run(async (db) => {
    await db('recordings').insert(toColumns(row)).onConflict('session_id').ignore()
  })
}

export function setRetention(store: Store, sessionId: string, retentionUntilMs: number): Promise<void> {
  return store.run(async (db) => {
    await db('recordings').where('session_id', sessionId).update({ retention_until_ms: retentionUntilMs })
  })
}

export function removeRecording(store: Store, sessionId: string): Promise<void> {
  return store.run(async (db) => {
    await db('recordings').where('session_id', sessionId).delete()
  })
}

/** Those that fall due before this moment and are not being deleted yet; the longest due first. */
export function listDue(store: Store, beforeMs: number, limit: number): Promise<RecordingRow[]> {
  return store.run(async (db) => {
    const rows = await db<Columns>('recordings')
      .where('retention_until_ms', '<', beforeMs)
      .whereNot('state', 'deleting')
      .orderBy('retention_until_ms')
      .limit(limit)
    return (rows as Columns[]).map(toRow)
  })
}

/** What the index knows of these, in no order. */
export function findRecordings(store: Store, sessionIds: readonly string[]): Promise<RecordingRow[]> {
  return store.run(async (db) => {
    const rows = await db<Columns>('recordings').whereIn('session_id', [...sessionIds])
    return (rows as Columns[]).map(toRow)
  })
}

export function getRecording(store: Store, sessionId: string): Promise<RecordingRow | null> {
  return store.run(async (db) => {
    const found = await db<Columns>('recordings').where('session_id', sessionId).first()
    return found ? toRow(found as Columns) : null
  })
}

/** Newest first. */
export function listRecordings(
  store: Store,
  { state, limit = 1000 }: { state?: RecordingRow['state']; limit?: number } = {},
): Promise<RecordingRow[]> {
  return store.run(async (db) => {
    const query = db<Columns>('recordings').orderBy('started_at_ms', 'desc').limit(limit)
    const rows = await (state ? query.where('state', state) : query)
    return (rows as Columns[]).map(toRow)
  })
}
