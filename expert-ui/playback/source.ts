/** Where the sealed entries of one recording come from. Nothing in here can be read without both keys. */
export interface RecordingSource {
  /** The wrapped keys, the `KeyWraps` document in UTF-8. Rejects with `SourceFailed`. */
  wraps(): Promise<Uint8Array>
  /** Some entries, beginning with number `from`, counted from 0. Rejects with `SourceFailed`. */
  read(from: number): Promise<EntriesChunk>
}

export interface EntriesChunk {
  /** In the order of the recording. An empty one stands for bytes on the disk that are no entry any more. */
  readonly entries: readonly Uint8Array[]
  /** Number of the entry that follows, null at the end of the recording. */
  readonly next: number | null
}

export const SOURCE_FAILURES = ['not-allowed', 'gone', 'unreachable', 'malformed'] as const
export type SourceFailure = (typeof SOURCE_FAILURES)[number]

export class SourceFailed extends Error {
  readonly failure: SourceFailure

  constructor(failure: SourceFailure) {
    super(`the recording cannot be read: ${failure}`)
    this.name = 'SourceFailed'
    this.failure = failure
  }
}
