import { endSession } from '../store/sessions.ts'
import { StorageFailure, type Store } from '../store/store.ts'

type End = Parameters<typeof endSession>[1]

/**
 * Writes the ends of sessions. The people are told first: nothing may keep a session alive that one of them has
 * ended. What the database can't take now is kept and tried again; after a crash the session would come back, find
 * nobody and end as a lost line.
 */
export class EndsToWrite {
  readonly #store: Store
  readonly #onFailure: (error: unknown) => void
  readonly #waiting = new Map<string, End>()
  readonly #underWay = new Set<Promise<void>>()

  constructor(store: Store, onFailure: (error: unknown) => void) {
    this.#store = store
    this.#onFailure = onFailure
  }

  write(end: End): void {
    const writing = endSession(this.#store, end)
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
