import {
  beginDeletion,
  finishDeletion,
  type KeptProof,
  listDeletionProofs,
} from '../store/deletion-proofs.ts'
import { listDue, type RecordingRow, removeRecording, setRetention } from '../store/recordings.ts'
import type { Store } from '../store/store.ts'
import { slotOf } from './expiry-slot.ts'
import { endOf } from './sealed-wraps.ts'
import type { Vault } from './vault.ts'

const AT_ONCE = 200

export interface DeletionOptions {
  readonly vault: Vault
  readonly store: Store
  /** One recording could not be deleted; it is tried again with the next look. */
  failed(sessionId: string | null, error: Error): void
  deleted(proof: KeptProof): void
}

/**
 * Deletes what is due [R6], in an order that a crash at any point leaves to be finished by the next call: first the
 * proofs of all that is due, then their keys, then their files, last of all their rows in the index.
 * @param nowMs the time to delete by
 */
export async function deleteDue(options: DeletionOptions, nowMs: number): Promise<void> {
  const beforeMs = slotOf(nowMs)
  await decide(options, beforeMs, nowMs)
  await destroySlotKeys(options, beforeMs)
  await carryOut(options, nowMs)
}

async function decide({ vault, store }: DeletionOptions, beforeMs: number, nowMs: number): Promise<void> {
  for (;;) {
    const rows = await listDue(store, beforeMs, AT_ONCE)
    if (rows.length === 0) return
    for (const row of rows) await decideOne(vault, store, row, beforeMs, nowMs)
  }
}

async function decideOne(
  vault: Vault,
  store: Store,
  row: RecordingRow,
  beforeMs: number,
  nowMs: number,
): Promise<void> {
  const { sessionId } = row
  // Where the file cannot be read, the index has the word.
  const term = await vault.wraps.term(sessionId).catch(() => undefined)
  const dueAtMs = term ? endOf(term) : row.retentionUntilMs
  if (dueAtMs >= beforeMs) return setRetention(store, sessionId, dueAtMs)
  const isKnown = row.state !== 'open' && row.headHash !== null
  const measured = isKnown && term ? undefined : await vault.measure(sessionId).catch(() => undefined)
  const isGone = !term && !measured
  const [before] = isGone ? await listDeletionProofs(store, { sessionId, limit: 1 }) : []
  // A session that was still running when it was deleted told the index of itself once more.
  if (before?.state === 'done') return removeRecording(store, sessionId)
  const { head = row.headHash, entries = row.entries, bytes = row.bytes } = (!isKnown && measured) || {}
  await beginDeletion(store, {
    sessionId,
    headHash: head,
    entries,
    bytes,
    dueAtMs,
    deletedAtMs: nowMs,
    keySlotMs: slotOf(dueAtMs),
  })
}

/** By the key files alone: whatever the index knows, after this nothing of these slots opens any more. */
async function destroySlotKeys({ vault, failed }: DeletionOptions, beforeMs: number): Promise<void> {
  for (const place of await vault.keys.list()) {
    if (place.t !== 'slot' || place.slotMs >= beforeMs) continue
    await vault.keys.destroy(place).catch((error: Error) => failed(null, error))
  }
}

async function carryOut(options: DeletionOptions, nowMs: number): Promise<void> {
  const { vault, store, failed, deleted } = options
  const holds = (await vault.keys.list()).filter((place) => place.t === 'hold')
  let afterId = 0
  for (;;) {
    const proofs = await listDeletionProofs(store, { state: 'deleting', afterId, limit: AT_ONCE })
    if (proofs.length === 0) return
    for (const proof of proofs) {
      afterId = proof.id
      const { sessionId, keySlotMs } = proof
      try {
        await vault.keys.destroy({ t: 'slot', slotMs: keySlotMs })
        for (const place of holds) if (place.sessionId === sessionId) await vault.keys.destroy(place)
        await vault.remove(sessionId)
        await finishDeletion(store, proof, nowMs)
      } catch (error) {
        failed(sessionId, error as Error)
        continue
      }
      deleted({ ...proof, state: 'done', deletedAtMs: nowMs })
    }
  }
}
