import type { Knex } from 'knex'
import type { SessionFacts } from '../protocol/messages/recording-requests.ts'
import type { Store } from './store.ts'

/** What is known of a session without opening its recording. */

/** Those that a customer joined in this stretch of time, in order. */
export function listSessionsBetween(
  store: Store,
  { fromMs, toMs, limit = 5000 }: { fromMs: number; toMs: number; limit?: number },
): Promise<SessionFacts[]> {
  return store.run(async (db) => {
    const rows = await facts(db)
      .where('sessions.burned_at_ms', '>=', fromMs)
      .where('sessions.burned_at_ms', '<', toMs)
      .orderBy('sessions.burned_at_ms')
      .limit(limit)
    return rows.map(toFacts)
  })
}

/** By session id; those that nobody joined, and those that are forgotten, are missing. */
export function factsOfSessions(
  store: Store,
  sessionIds: readonly string[],
): Promise<Map<string, SessionFacts>> {
  return store.run(async (db) => {
    const rows = await facts(db).whereIn('sessions.id', [...new Set(sessionIds)])
    return new Map(rows.map((row) => [row.id, toFacts(row)]))
  })
}

interface Row {
  id: string
  name: string
  burned_at_ms: number | string
  ended_at_ms: number | string | null
}

function facts(db: Knex): Knex.QueryBuilder<Row, Row[]> {
  return db('sessions')
    .join('experts', 'experts.id', 'sessions.expert_id')
    .whereNotNull('sessions.burned_at_ms')
    .select('sessions.id', 'experts.name', 'sessions.burned_at_ms', 'sessions.ended_at_ms')
}

function toFacts(row: Row): SessionFacts {
  return {
    sessionId: row.id,
    startedAtMs: Number(row.burned_at_ms),
    endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
    expertName: row.name,
  }
}
