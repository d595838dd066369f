import type { AuditEvent } from '../../protocol/messages/audit-event.ts'
import { StorageFailure } from '../../store/store.ts'

/**
 * Lines about what has happened already and can't be taken back. They are written in order; what the database can't
 * take now is kept and tried again. A process that is killed meanwhile loses them: what must not be without its line
 * has no place here.
 */
export class OwedLines {
  readonly #append: (event: AuditEvent) => Promise<unknown>
  readonly #onFailure: (error: unknown) => void
  readonly #owed: AuditEvent[] = []
  #writing: Promise<void> = Promise.resolve()
  #isWriting = false

  constructor(append: (event: AuditEvent) => Promise<unknown>, onFailure: (error: unknown) => void) {
    this.#append = append
    this.#onFailure = onFailure
  }

  /** Resolves after the first attempt. */
  add(event: AuditEvent): Promise<void> {
    this.#owed.push(event)
    return this.retry()
  }

  retry(): Promise<void> {
    if (!this.#isWriting) this.#writing = this.#writeAll()
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true
    try {
      for (let next = this.#owed[0]; next; next = this.#owed[0]) {
        await this.#append(next)
        this.#owed.shift()
      }
    } catch (error) {
      // A mistake of ours would fail again for ever, and hold up what comes after it.
      if (!(error instanceof StorageFailure)) this.#owed.shift()
      this.#onFailure(error)
    } finally {
      this.#isWriting = false
    }
  }
}
