import { randomInt } from 'node:crypto'
import type { Knex } from 'knex'
import type { EndReason } from '../protocol/end-reason.ts'
import type { SignedDocument } from '../protocol/identity.ts'
import type { Role } from '../protocol/level.ts'
import { appendIn, type NextLine } from './audit-log.ts'
import { countUp } from './counters.ts'
import { type Draw, noteAllotment, pickNameplate } from './nameplates.ts'
import { type Columns, type SessionRow, toSession } from './session-row.ts'
import type { Store } from './store.ts'

export interface NewSession {
  readonly id: string
  readonly expertId: string
  readonly expertTokenHash: string
  readonly card: SignedDocument
  readonly createdAtMs: number
  readonly expiresAtMs: number
  /** Written to the audit log with it, both or neither. So for the others below. */
  readonly line?: NextLine
}

/** Allots a nameplate and adds the session that waits under it, both or neither. */
export function addWaitingSession(
  store: Store,
  session: NewSession,
  draw: Draw = (below) => randomInt(below),
): Promise<{ nameplate: string } | 'service-full'> {
  return store.transaction(async (trx) => {
    await countUp(trx, 'allotments')
    const nameplate = await pickNameplate(trx, session.createdAtMs, draw)
    if (nameplate === null) return 'service-full'
    await trx('sessions').insert({
      id: session.id,
      expert_id: session.expertId,
      nameplate,
      waiting_nameplate: nameplate,
      state: 'waiting',
      created_at_ms: session.createdAtMs,
      expires_at_ms: session.expiresAtMs,
      expert_token_hash: session.expertTokenHash,
      card_document: session.card.document,
      card_signature: session.card.signature,
    })
    await noteAllotment(trx, { nameplate, sessionId: session.id, expiresAtMs: session.expiresAtMs })
    if (session.line) await appendIn(trx, session.line)
    return { nameplate }
  })
}

interface Burn {
  readonly nameplate: string
  readonly customerTokenHash: string
  readonly nowMs: number
  readonly lineFor?: (sessionId: string) => NextLine
}

/**
 * The first attempt with a nameplate pairs the session and burns the number; every other one is refused [N3].
 * One UPDATE decides, and it is on the disk before this resolves: among racing callers, in any number of processes
 * and over any crash, at most one gets the session.
 */
export async function burnNumber(
  store: Store,
  burn: Burn,
): Promise<{ sessionId: string } | 'unknown' | 'used' | 'expired'> {
  // Only looked at: so an attempt that meets no waiting number takes no lock.
  const isWaiting = await store.run((db) => waitingUnder(db, burn).first('id'))
  const burned = isWaiting ? await store.transaction((trx) => burnIn(trx, burn)) : null
  return burned ?? store.run((db) => whyNoneWaits(db, burn.nameplate))
}

function waitingUnder(db: Knex, { nameplate, nowMs }: Burn) {
  return db('sessions').where('waiting_nameplate', nameplate).where('expires_at_ms', '>', nowMs)
}

async function burnIn(trx: Knex.Transaction, burn: Burn): Promise<{ sessionId: string } | null> {
  const [burned] = await waitingUnder(trx, burn)
    .update({
      state: 'paired',
      waiting_nameplate: null,
      burned_at_ms: burn.nowMs,
      customer_token_hash: burn.customerTokenHash,
    })
    .returning('id')
  if (!burned) return null
  const sessionId: string = burned.id
  if (burn.lineFor) await appendIn(trx, burn.lineFor(sessionId))
  return { sessionId }
}

async function whyNoneWaits(db: Knex, nameplate: string): Promise<'unknown' | 'used' | 'expired'> {
  const last = await db('nameplates')
    .join('sessions', 'sessions.id', 'nameplates.session_id')
    .where('nameplates.nameplate', nameplate)
    .first('sessions.burned_at_ms')
  if (!last) return 'unknown'
  return last.burned_at_ms === null ? 'expired' : 'used'
}

export interface SessionEnd {
  readonly sessionId: string
  readonly reason: EndReason
  readonly by: Role | null
  readonly nowMs: number
  readonly line?: NextLine
}

/** Writes the end, once, however often it is tried: a session that has ended keeps its first reason. */
export function endSession(store: Store, end: SessionEnd): Promise<void> {
  return store.transaction(async (trx) => {
    const changed = await trx('sessions').where('id', end.sessionId).whereNot('state', 'ended').update({
      state: 'ended',
      waiting_nameplate: null,
      ended_at_ms: end.nowMs,
      end_reason: end.reason,
      ended_by: end.by,
    })
    if (changed === 1 && end.line) await appendIn(trx, end.line)
  })
}

export function getSession(store: Store, sessionId: string): Promise<SessionRow | null> {
  return store.run(async (db) => {
    const found = await db<Columns>('sessions').where('id', sessionId).first()
    return found ? toSession(found as Columns) : null
  })
}

/** Every session that waits or runs: what a restarted server goes on with [S4]. */
export function listLiveSessions(store: Store): Promise<SessionRow[]> {
  return store.run(async (db) => {
    const rows = await db<Columns>('sessions').whereIn('state', ['waiting', 'paired'])
    return (rows as Columns[]).map(toSession)
  })
}

export function countLiveSessions(store: Store): Promise<number> {
  return store.run(async (db) => {
    const row = await db('sessions').whereIn('state', ['waiting', 'paired']).count({ live: '*' }).first()
    return Number(row?.live ?? 0)
  })
}

/** Its recording is deleted: of a session that has ended nothing is left but lines of the audit log [R6]. */
export function forgetSession(store: Store, sessionId: string, line: NextLine): Promise<void> {
  return store.transaction(async (trx) => {
    await appendIn(trx, line)
    const ended = trx('sessions').select('id').where({ id: sessionId, state: 'ended' })
    await trx('recorder_leases').whereIn('session_id', ended).delete()
    await trx('sessions').where({ id: sessionId, state: 'ended' }).delete()
  })
}
