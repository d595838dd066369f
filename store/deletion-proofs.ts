import type { Store } from './store.ts'

/** What stays of a recording that was deleted: enough to show that, when and what, and nothing of what was in it [R6]. */
export interface DeletionProof {
  readonly sessionId: string
  /** SHA-256 of the last entry in base64url, as on the customer's receipt; null where no entry was readable. */
  readonly headHash: string | null
  readonly entries: number
  readonly bytes: number
  readonly dueAtMs: number
  readonly deletedAtMs: number
  /** Start of the slot whose key was destroyed. */
  readonly keySlotMs: number
}

export interface KeptProof extends DeletionProof {
  readonly id: number
  /** `deleting`: decided, and perhaps not done. */
  readonly state: 'deleting' | 'done'
  /** Somebody else, such as an audit log, has it for good. */
  readonly isReported: boolean
}

interface Columns {
  id: number
  session_id: string
  state: KeptProof['state']
  head_hash: string | null
  entries: number
  bytes: number | string
  due_at_ms: number | string
  deleted_at_ms: number | string
  key_slot_ms: number | string
  reported: boolean | number
}

const toProof = (columns: Columns): KeptProof => ({
  id: columns.id,
  sessionId: columns.session_id,
  state: columns.state,
  headHash: columns.head_hash,
  entries: columns.entries,
  bytes: Number(columns.bytes),
  dueAtMs: Number(columns.due_at_ms),
  deletedAtMs: Number(columns.deleted_at_ms),
  keySlotMs: Number(columns.key_slot_ms),
  isReported: Boolean(columns.reported),
})

/** Decides a deletion: once this resolves it will be done, whatever happens. */
export function beginDeletion(store: Store, proof: DeletionProof): Promise<void> {
  return store.transaction(async (trx) => {
    await trx('deletion_proofs').insert({
      session_id: proof.sessionId,
      state: 'deleting',
      head_hash: proof.headHash,
      entries: proof.entries,
      bytes: proof.bytes,
      due_at_ms: proof.dueAtMs,
      deleted_at_ms: proof.deletedAtMs,
      key_slot_ms: proof.keySlotMs,
      reported: false,
    })
    await trx('recordings').where('session_id', proof.sessionId).update({ state: 'deleting' })
  })
}

/** Key and files are gone; the proof alone stays. */
export function finishDeletion(
  store: Store,
  { id, sessionId }: KeptProof,
  deletedAtMs: number,
): Promise<void> {
  return store.transaction(async (trx) => {
    await trx('deletion_proofs').where({ id }).update({ state: 'done', deleted_at_ms: deletedAtMs })
    await trx('recordings').where('session_id', sessionId).delete()
  })
}

export function markReported(store: Store, { id }: KeptProof): Promise<void> {
  return store.run(async (db) => {
    await db('deletion_proofs').where({ id }).update({ reported: true })
  })
}

export interface ProofQuery {
  readonly sessionId?: string
  readonly state?: KeptProof['state']
  readonly isReported?: boolean
  /** Only those after this one. */
  readonly afterId?: number
  readonly limit?: number
}

/** Oldest first. */
export function listDeletionProofs(store: Store, query: ProofQuery = {}): Promise<KeptProof[]> {
  const { sessionId, state, isReported, afterId, limit = 1000 } = query
  return store.run(async (db) => {
    const rows = db<Columns>('deletion_proofs').orderBy('id').limit(limit)
    if (sessionId !== undefined) rows.where('session_id', sessionId)
    if (state !== undefined) rows.where('state', state)
    if (isReported !== undefined) rows.where('reported', isReported)
    if (afterId !== undefined) rows.where('id', '>', afterId)
    return ((await rows) as Columns[]).map(toProof)
  })
}
