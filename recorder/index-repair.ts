import { addRecording, findRecordings, setRetention } from '../store/recordings.ts'
import type { Store } from '../store/store.ts'
import { endOf } from './sealed-wraps.ts'
import type { Vault } from './vault.ts'

const AT_ONCE = 500
/** Without header and wraps it is what a crash left of a beginning, or nobody can open it. */
const REMNANT_DAYS = 1

/**
 * Adds to the index what only the vault knows, so that a lost index costs nothing [R6]. With `checksTerms` it also
 * corrects when recordings fall due: what their own files say counts. Resolves with the number of changes.
 */
export async function repairIndex(vault: Vault, store: Store, checksTerms: boolean): Promise<number> {
  let changes = 0
  let batch: string[] = []
  const work = async () => {
    const known = new Map((await findRecordings(store, batch)).map((row) => [row.sessionId, row]))
    for (const sessionId of batch) {
      const row = known.get(sessionId)
      if (!row) {
        await addFromVault(vault, store, sessionId)
        changes++
      } else if (checksTerms && row.state !== 'deleting') {
        const term = await vault.wraps.term(sessionId)
        if (!term || endOf(term) === row.retentionUntilMs) continue
        await setRetention(store, sessionId, endOf(term))
        changes++
      }
    }
    batch = []
  }
  for await (const sessionId of vault.sessions()) if (batch.push(sessionId) >= AT_ONCE) await work()
  await work()
  return changes
}

async function addFromVault(vault: Vault, store: Store, sessionId: string): Promise<void> {
  const measured = await vault.measure(sessionId)
  const term = await vault.wraps.term(sessionId)
  const header = measured?.header ?? null
  const isRunning = header !== null && measured?.closed === 'open'
  await addRecording(store, {
    sessionId,
    state: isRunning ? 'open' : measured?.closed === 'closed' ? 'closed' : 'abnormal',
    startedAtMs: header?.startedAtMs ?? 0,
    endedAtMs: null,
    entries: measured?.entries ?? 0,
    bytes: measured?.bytes ?? 0,
    headHash: measured?.head ?? null,
    retentionUntilMs: term ? endOf(term) : vault.dueFromNow(header ?? { retentionDays: REMNANT_DAYS }),
  })
}
