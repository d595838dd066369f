import type { EndReason } from '../protocol/end-reason.ts'
import type { Role } from '../protocol/level.ts'
import { countUp } from './counters.ts'
import type { Store } from './store.ts'

/** Gives the session to a recorder. The epoch is higher than any before, of any session, over any restart [R1]. */
export function addLease(
  store: Store,
  lease: { sessionId: string; recorderKey: string; nowMs: number },
): Promise<{ epoch: number }> {
  return store.transaction(async (trx) => {
    const epoch = await countUp(trx, 'recorder-epoch')
    await trx('recorder_leases').insert({
      epoch,
      session_id: lease.sessionId,
      recorder_key: lease.recorderKey,
      assigned_at_ms: lease.nowMs,
    })
    return { epoch }
  })
}

/** The recorder that served the session last and so holds most of its recording, if any did. */
export function lastRecorderOf(store: Store, sessionId: string): Promise<string | null> {
  return store.run(async (db) => {
    const found = await db('recorder_leases')
      .where('session_id', sessionId)
      .orderBy('epoch', 'desc')
      .first('recorder_key')
    return found ? (found.recorder_key as string) : null
  })
}

/** The recorder has closed its recording of this session. */
export function finishLeases(
  store: Store,
  done: { sessionId: string; recorderKey: string; nowMs: number },
): Promise<void> {
  return store.run(async (db) => {
    await db('recorder_leases')
      .where({ session_id: done.sessionId, recorder_key: done.recorderKey })
      .whereNull('done_at_ms')
      .update({ done_at_ms: done.nowMs })
  })
}

export type OpenLease =
  | { readonly sessionId: string; readonly ended: null }
  | { readonly sessionId: string; readonly ended: { reason: EndReason; by: Role | null } }

/** A recorder that has not closed a recording this long after the session's end never had one. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000

/** The sessions of which this recorder may still have an open recording, and how those that ended did. */
export function listOpenLeases(store: Store, recorderKey: string, nowMs: number): Promise<OpenLease[]> {
  return store.run(async (db) => {
    const rows = await db('recorder_leases')
      .join('sessions', 'sessions.id', 'recorder_leases.session_id')
      .where('recorder_leases.recorder_key', recorderKey)
      .whereNull('recorder_leases.done_at_ms')
      .where((still) =>
        still
          .whereNull('sessions.ended_at_ms')
          .orWhere('sessions.ended_at_ms', '>', nowMs - FORGOTTEN_AFTER_MS),
      )
      .distinct('sessions.id', 'sessions.state', 'sessions.end_reason', 'sessions.ended_by')
    return rows.map((row) => ({
      sessionId: row.id,
      ended: row.state === 'ended' ? { reason: row.end_reason, by: row.ended_by } : null,
    }))
  })
}
