import type { EndReason } from '../protocol/end-reason.ts'
import type { RecordingFile } from './recording-file.ts'

/** What may be known of a recording without opening it; one row of the index. */
export interface RecordingFacts {
  readonly sessionId: string
  readonly startedAtMs: number
  readonly retentionDays: number
  /** When it falls due, by the recorder's own time. */
  readonly dueAtMs: number
  /** Durable entries, the header included. */
  readonly entries: number
  readonly bytes: number
  /** SHA-256 of the last durable entry in base64url: the head of the chain [R5]. */
  readonly head: string
}

export interface RecordingEnding extends RecordingFacts {
  /** `abandoned`: the agent went without closing it. */
  readonly closed: 'closed' | 'abandoned'
  readonly endedAtMs: number
  /** Why it was abandoned, where this process did it. */
  readonly reason?: EndReason
}

/** Where the recorder tells of its recordings, so that they can be found and will be deleted [R6]. All idempotent. */
export interface RecordingIndex {
  /** Before anything is acknowledged, and again after a restart: no recording is without its row. */
  opened(facts: RecordingFacts): Promise<void>
  /** Now and then; a failure costs nothing. */
  progressed(facts: RecordingFacts): Promise<void>
  /** Repeated until it succeeds. */
  closed(ending: RecordingEnding): Promise<void>
}

/** The facts of a recording that holds at least its header. */
export function factsOf({ chain, bytes, dueAtMs }: RecordingFile): RecordingFacts {
  const { sessionId, startedAtMs, retentionDays } = chain.header!
  return { sessionId, startedAtMs, retentionDays, dueAtMs, entries: chain.entries, bytes, head: chain.head }
}
