import { type RecordingRow, upsertRecording } from '../store/recordings.ts'
import type { Store } from '../store/store.ts'
import type { RecordingEnding, RecordingFacts, RecordingIndex } from './recording-index.ts'

/** The index of recordings in the recorder's own database. */
export function storeIndex(store: Store): RecordingIndex {
  const progress = (facts: RecordingFacts) =>
    upsertRecording(store, { ...rowOf(facts), state: 'open', endedAtMs: null })
  return {
    opened: progress,
    progressed: progress,
    closed: (ending: RecordingEnding) =>
      upsertRecording(store, {
        ...rowOf(ending),
        state: ending.closed === 'closed' ? 'closed' : 'abnormal',
        endedAtMs: ending.endedAtMs,
      }),
  }
}

function rowOf(facts: RecordingFacts): Omit<RecordingRow, 'state' | 'endedAtMs'> {
  const { sessionId, startedAtMs, dueAtMs, entries, bytes, head } = facts
  return { sessionId, startedAtMs, entries, bytes, headHash: head, retentionUntilMs: dueAtMs }
}
