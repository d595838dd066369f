import type { SessionEnd } from '../store/sessions.ts'
import { StorageFailure } from '../store/store.ts'

/**
 * Writes the ends of sessions. The people are told first: nothing may keep a session alive that one of them has
 * ended. What the database can't take now is kept and tried again; after a crash the session would come back, find
 * nobody and end as a lost line. The end's line in the audit log is written with it, so none is lost or told twice.
 */
export class EndsToWrite {
  readonly #writeEnd: (end: SessionEnd) => Promise<void>
  readonly #onFailure: (error: unknown) => void
  readonly #waiting = new Map<string, SessionEnd>()
  readonly #underWay = new Set<Promise<void>>()

  constructor(writeEnd: (end: SessionEnd) => Promise<void>, onFailure: (error: unknown) => void) {
    this.#writeEnd = writeEnd
    this.#onFailure = onFailure
  }

  write(end: SessionEnd): void {
    const writing = this.#writeEnd(end)
      .then(() => void this.#waiting.delete(end.sessionId))
      .catch((error: unknown) => {
        if (error instanceof StorageFailure) this.#waiting.set(end.sessionId, end)
        this.#onFailure(error)
      })
      .finally(() => this.#underWay.delete(writing))
    this.#underWay.add(writing)
  }

  retry(): void {
    if (this.#underWay.size === 0) for (const end of this.#waiting.values()) this.write(end)
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }
}
