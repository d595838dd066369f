import type { Knex } from 'knex'
import type { Auditor, OverReason, RecordingRequest, RequestKind } from '../protocol/recording-request.ts'
import { appendIn, type NextLine } from './audit-log.ts'
import type { Store } from './store.ts'

/** Requests about recordings [R7]. Each step is on the disk together with its line of the audit log, or not at all. */

interface Columns {
  id: string
  session_id: string
  kind: RequestKind
  reason: string
  case_number: string
  asked_by: string
  asked_by_name: string
  asked_at_ms: number | string
  until_ms: number | string | null
  state: RecordingRequest['state']
  decided_by: string | null
  decided_by_name: string | null
  decided_at_ms: number | string | null
  ends_at_ms: number | string | null
  over_at_ms: number | string | null
  because: OverReason | null
  in_effect: boolean | number | null
}

function toRequest(columns: Columns): RecordingRequest {
  const asked = {
    id: columns.id,
    sessionId: columns.session_id,
    kind: columns.kind,
    reason: columns.reason,
    caseNumber: columns.case_number,
    askedBy: { id: columns.asked_by, name: columns.asked_by_name },
    askedAtMs: Number(columns.asked_at_ms),
    untilMs: columns.until_ms === null ? null : Number(columns.until_ms),
  }
  const decidedBy: Auditor | null =
    columns.decided_by === null ? null : { id: columns.decided_by, name: columns.decided_by_name ?? '' }
  switch (columns.state) {
    case 'asked':
      return { ...asked, state: 'asked' }
    case 'approved':
      return {
        ...asked,
        state: 'approved',
        decidedBy: decidedBy!,
        decidedAtMs: Number(columns.decided_at_ms),
        endsAtMs: Number(columns.ends_at_ms),
      }
    case 'over':
      return {
        ...asked,
        state: 'over',
        because: columns.because!,
        decidedBy,
        overAtMs: Number(columns.over_at_ms),
      }
  }
}

function toColumns(request: RecordingRequest) {
  const isApproved = request.state === 'approved'
  const isOver = request.state === 'over'
  return {
    state: request.state,
    decided_by: request.state === 'asked' ? null : (request.decidedBy?.id ?? null),
    in_effect: null,
    ...(isApproved ? { decided_at_ms: request.decidedAtMs, ends_at_ms: request.endsAtMs } : {}),
    ...(isOver ? { over_at_ms: request.overAtMs, because: request.because } : {}),
  }
}

/** Adds a request that has just been asked. */
export function addRequest(store: Store, request: RecordingRequest, line: NextLine): Promise<void> {
  return store.transaction(async (trx) => {
    await trx('recording_requests').insert({
      id: request.id,
      session_id: request.sessionId,
      kind: request.kind,
      reason: request.reason,
      case_number: request.caseNumber,
      asked_by: request.askedBy.id,
      asked_at_ms: request.askedAtMs,
      until_ms: request.untilMs,
      ...toColumns(request),
    })
    await appendIn(trx, line)
  })
}

/** False where somebody else was faster: then nothing was written. */
export function stepStoredRequest(
  store: Store,
  { before, after }: { before: RecordingRequest; after: RecordingRequest },
  line: NextLine,
): Promise<boolean> {
  return store.transaction(async (trx) => {
    const changed = await trx('recording_requests')
      .where({ id: before.id, state: before.state })
      .update(toColumns(after))
    if (changed === 0) return false
    await appendIn(trx, line)
    return true
  })
}

export function getRequest(store: Store, id: string): Promise<RecordingRequest | null> {
  return store.run(async (db) => {
    const found = await withNames(db).where('recording_requests.id', id).first()
    return found ? toRequest(found as Columns) : null
  })
}

/** What the recorders said of holds: true where it is done, false where it can't be; missing where none has answered. */
export function holdEffects(store: Store): Promise<Map<string, boolean>> {
  return store.run(async (db) => {
    const rows = await db<Columns>('recording_requests').where('kind', 'hold').whereNotNull('in_effect')
    return new Map(rows.map(({ id, in_effect }) => [id, Boolean(in_effect)]))
  })
}

/** A recorder has answered; it counts only while that is still what is wanted of it. */
export function noteHoldEffect(
  store: Store,
  id: string,
  state: 'approved' | 'over',
  isDone: boolean,
): Promise<void> {
  return store.run(async (db) => {
    await db('recording_requests').where({ id, kind: 'hold', state }).update({ in_effect: isDone })
  })
}

/** Holds that a recorder has to be told of: those that began or ended and were not answered since. */
export function listHoldsToTell(store: Store): Promise<RecordingRequest[]> {
  return store.run(async (db) => {
    const rows = await withNames(db)
      .where('recording_requests.kind', 'hold')
      .whereNull('recording_requests.in_effect')
      .where((wanted) =>
        wanted
          .where('recording_requests.state', 'approved')
          .orWhere((ended) => ended.where('recording_requests.state', 'over').where('because', 'done')),
      )
    return (rows as Columns[]).map(toRequest)
  })
}

/** Newest first. */
export function listRequests(store: Store, limit = 500): Promise<RecordingRequest[]> {
  return store.run(async (db) => {
    const rows = await withNames(db).orderBy('asked_at_ms', 'desc').limit(limit)
    return (rows as Columns[]).map(toRequest)
  })
}

/** Those that time may end. */
export function listOpenRequests(store: Store): Promise<RecordingRequest[]> {
  return store.run(async (db) => {
    const rows = await withNames(db).whereNot('state', 'over')
    return (rows as Columns[]).map(toRequest)
  })
}

function withNames(db: Knex) {
  return db('recording_requests')
    .join({ asker: 'experts' }, 'asker.id', 'recording_requests.asked_by')
    .leftJoin({ decider: 'experts' }, 'decider.id', 'recording_requests.decided_by')
    .select('recording_requests.*', { asked_by_name: 'asker.name', decided_by_name: 'decider.name' })
}
