import type { Store } from './store.ts'

/** The index of recordings; the recordings themselves are files of the recorder. */
export interface RecordingRow {
  readonly sessionId: string
  /** `abnormal`: ended without the agent's closing entry. */
  readonly state: 'open' | 'closed' | 'abnormal'
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

/** Adds the recording, or replaces everything known of it. */
export function upsertRecording(store: Store, row: RecordingRow): Promise<void> {
  const columns = {
    session_id: row.sessionId,
    state: row.state,
    started_at_ms: row.startedAtMs,
    ended_at_ms: row.endedAtMs,
    entries: row.entries,
    bytes: row.bytes,
    head_hash: row.headHash,
    retention_until_ms: row.retentionUntilMs,
  }
  return store.run(async (db) => {
    await db('recordings').insert(columns).onConflict('session_id').merge()
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
